import type { Environment } from '../aws/environment-clients';
import type { Counted, Point } from './measure';
import type { Sampling } from './periods';
import { readMetrics } from './read-metrics';

type Series = readonly Point[];

interface Batch {
  readonly counted: Counted[];
  readonly answer: Promise<readonly Series[]>;
}

/** Puts what several objectives ask of one region at the same time into one call. A metric that two ask for is read once. */
export class MetricBatch {
  private readonly waiting = new Map<string, Batch>();

  constructor(private readonly now: number) {}

  /** What `readMetrics` answers, in the order of these metrics. */
  async read(environment: Environment, counted: readonly Counted[], sampling: Sampling): Promise<readonly Series[]> {
    const key = `${environment.region} ${environment.roleArn} ${sampling.from} ${sampling.seconds}`;
    const batch = this.waiting.get(key) ?? this.begin(key, environment, sampling);
    const places = counted.map((each) => placeIn(batch.counted, each));
    const series = await batch.answer;
    return places.map((place) => series[place]);
  }

  private begin(key: string, environment: Environment, sampling: Sampling): Batch {
    const counted: Counted[] = [];
    const send = async (): Promise<readonly Series[]> => {
      // All checks are asked at the same time: by the next turn they have said what they want.
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      this.waiting.delete(key);
      return readMetrics(environment, counted, sampling, this.now);
    };
    const batch = { counted, answer: send() };
    this.waiting.set(key, batch);
    return batch;
  }
}

/** Where the metric is among those of a batch; it is added when it is not. */
function placeIn(counted: Counted[], wanted: Counted): number {
  const text = JSON.stringify(wanted.metric);
  const place = counted.findIndex(({ metric }) => JSON.stringify(metric) === text);
  return place >= 0 ? place : counted.push(wanted) - 1;
}

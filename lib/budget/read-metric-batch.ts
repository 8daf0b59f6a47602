import type { Environment } from '../aws/environment-clients';
import type { Counted, Point } from './measure';
import type { Sampling } from './periods';
import { readMetrics } from './read-metrics';

type Series = readonly Point[];

interface Batch {
  readonly counted: Counted[];
  readonly answer: Promise<readonly Series[]>;
}

/** Joins the reads of several objectives in one region into one call. A metric of two objectives is read once. */
export class MetricBatch {
  private readonly waiting = new Map<string, Batch>();

  constructor(private readonly now: number) {}

  /** Reads the points of these metrics, in their order. */
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
      // All checks start at the same time: by the next turn of the event loop all have added their metrics.
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      this.waiting.delete(key);
      return readMetrics(environment, counted, sampling, this.now);
    };
    const batch = { counted, answer: send() };
    this.waiting.set(key, batch);
    return batch;
  }
}

/** Finds the place of a metric in a batch, and adds a missing one. */
function placeIn(counted: Counted[], wanted: Counted): number {
  const text = JSON.stringify(wanted.metric);
  const place = counted.findIndex(({ metric }) => JSON.stringify(metric) === text);
  return place >= 0 ? place : counted.push(wanted) - 1;
}

import { type Call, type Fields, list, type Place, placeKey } from './call';
import type { Service } from './endpoint';
import { restJson } from './protocols';

/** Budgets of SLOs in Application Signals. */
export class ApplicationSignals implements Service {
  readonly name = 'application-signals';
  readonly protocol = restJson([
    {
      operation: 'BatchGetServiceLevelObjectiveBudgetReport',
      method: 'POST',
      path: '/budget-report',
      status: 200,
    },
  ]);

  private readonly reports = new Map<string, Fields>();

  /** Reported budget of an SLO. */
  put(place: Place, slo: string, report: Fields): void {
    this.reports.set(placeKey(place, slo), report);
  }

  handle(call: Call): Fields {
    const ids = list(call.input, 'SloIds').map(String);
    const arn = (name: string) => `arn:aws:application-signals:${call.region}:${call.account}:slo/${name}`;
    const found = ids.filter((name) => this.reports.has(placeKey(call, name)));
    const missing = ids.filter((name) => !found.includes(name));
    return {
      Timestamp: call.input.Timestamp,
      Reports: found.map((Name) => ({ Arn: arn(Name), Name, ...this.reports.get(placeKey(call, Name)) })),
      Errors: missing.map((Name) => ({
        Name,
        Arn: arn(Name),
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `The SLO ${Name} does not exist`,
      })),
    };
  }
}

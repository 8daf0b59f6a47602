import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { GATE_STAGES } from '../../lib/gate/request';
import { GATE_METRICS } from '../../lib/plan/names';
import type { BoundChecks } from './bind-checks';

const HALF = 12;
const PERIOD = Duration.hours(1);

/** Creates the dashboard of a service's gates: budgets left, blocks by check, uses of break glass. */
export function gateDashboard(scope: Construct, service: string, checks: BoundChecks): cloudwatch.Dashboard {
  const metric = (name: string, dimension: { [name: string]: string }, statistic: string, label: string) =>
    new cloudwatch.Metric({
      namespace: GATE_METRICS,
      metricName: name,
      dimensionsMap: { Service: service, ...dimension },
      statistic,
      period: PERIOD,
      label,
      region: Stack.of(scope).region,
    });
  const ofBudgets = checks.budgets.map((name) => metric('BudgetLeft', { Check: name }, 'Minimum', name));
  const widgets: cloudwatch.IWidget[] = [
    new cloudwatch.GraphWidget({
      title: 'Releases blocked, by gate',
      width: HALF,
      left: GATE_STAGES.map((stage) => metric('Blocked', { Gate: stage }, 'Sum', stage)),
    }),
    new cloudwatch.GraphWidget({
      title: 'Blocks, by check',
      width: HALF,
      left: checks.configs.map(({ name }) => metric('Blocked', { Check: name }, 'Sum', name)),
    }),
    new cloudwatch.SingleValueWidget({
      title: 'Uses of break glass',
      width: HALF,
      metrics: [metric('BreakGlass', {}, 'Sum', 'within the time shown')],
      setPeriodToTimeRange: true,
    }),
  ];
  if (ofBudgets.length > 0) {
    widgets.unshift(
      new cloudwatch.GraphWidget({
        title: 'Error budget left, in percent, when a release came',
        width: 2 * HALF,
        left: ofBudgets,
        leftAnnotations: [{ value: 0, label: 'spent', color: cloudwatch.Color.RED }],
      }),
    );
  }
  return new cloudwatch.Dashboard(scope, 'Dashboard', { dashboardName: `${service}-gates`, widgets: [widgets] });
}

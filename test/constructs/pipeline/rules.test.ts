import { GateCheck } from '../../../constructs';
import { Shop, synthesize } from '../../helpers/fixture';

interface Rule {
  readonly EventPattern?: object;
  readonly Targets: readonly { readonly Arn: unknown }[];
}

/** As many checks, with names as long, as a gate takes. */
const { template } = synthesize({
  microservice: new Shop('a'.repeat(30)),
  gateChecks: [
    GateCheck.productionReadiness({
      criteria: Array.from({ length: 20 }, (_, i) => ({ name: `${'criterion-'.repeat(4)}-${i}` })),
    }),
  ],
});
const rules: readonly Rule[] = Object.values(template.findResources('AWS::Events::Rule')).map(
  ({ Properties }) => Properties,
);

describe('the EventBridge rules of a pipeline', () => {
  test('are four: EventBridge allows 300 in an account and region', () => {
    expect(rules).toHaveLength(4);
  });

  test('have no wildcard: EventBridge allows 30 rules with them', () => {
    expect(JSON.stringify(rules)).not.toContain('wildcard');
  });

  test('have patterns of at most 2,048 characters', () => {
    // A reference becomes an ARN of at most 200 characters.
    const lengths = rules.map(
      ({ EventPattern = {} }) =>
        JSON.stringify(EventPattern).replace(/\{"Ref":"\w+"\}/g, `"${'x'.repeat(200)}"`).length,
    );
    expect(Math.max(...lengths)).toBeGreaterThan(500);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2_048);
  });

  test('that react to events have a target of their own', () => {
    const targets = rules
      .filter(({ EventPattern }) => EventPattern)
      .flatMap(({ Targets }) => Targets.map(({ Arn }) => JSON.stringify(Arn)));
    expect(new Set(targets).size).toBe(targets.length);
  });
});

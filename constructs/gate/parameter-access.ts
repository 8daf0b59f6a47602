import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { GateContext } from './gate-context';

/**
 * Returns the permission to read these parameters of the pipeline's account and region, and no others. Names begin with
 * a slash.
 */
export function mayReadParameters({ scope }: GateContext, names: readonly string[]): iam.PolicyStatement[] {
  if (names.length === 0) return [];
  const resources = names.map((name) =>
    Stack.of(scope).formatArn({
      service: 'ssm',
      resource: `parameter${name}`,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    }),
  );
  return [new iam.PolicyStatement({ actions: ['ssm:GetParameters'], resources })];
}

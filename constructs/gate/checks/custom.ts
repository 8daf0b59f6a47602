import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { CustomConfig } from '../../../lib/gate/checks/custom';
import { isBuiltIn, show } from '../../core/validation';
import { commonConfig } from '../common';
import type { GateCheckOptions } from '../gate-check-options';
import type { CheckBinding, GateContext } from '../gate-context';

/** Options of a check of the organization's or the team's own. */
export interface CustomCheckOptions extends GateCheckOptions {
  /**
   * Function that answers with a verdict, within 20 seconds. If it is an alias or a version, the gate invokes that. It
   * is in the pipeline's account and region. docs/gates.md describes its request and its answer.
   */
  readonly handler: lambda.IFunction;

  /**
   * Parameters of the function; at most 20, of at most 200 characters.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };
}

const PROPERTY = 'GateCheck.custom';
const MAX_PARAMETERS = 20;
const PARAMETER_LENGTH = 200;

export function custom(options: CustomCheckOptions): CheckBinding<CustomConfig> {
  const { handler, parameters } = options ?? {};
  if (handler?.functionArn === undefined) {
    throw new Error(`${PROPERTY}: handler is missing: give it the Lambda function that answers with a verdict`);
  }
  const common = commonConfig(options, PROPERTY, handler.node.id);
  if (parameters !== undefined) checkParameters(parameters);
  return {
    bind: (context) => {
      checkPlace(handler, context);
      return {
        kind: 'CUSTOM',
        ...common,
        functionName: handler.functionArn,
        ...(parameters && { parameters: { ...parameters } }),
      };
    },
    grants: () => [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] })],
  };
}

function checkParameters(parameters: { [name: string]: string }): void {
  const entries = Object.entries(parameters);
  if (entries.length > MAX_PARAMETERS) {
    throw new Error(
      `${PROPERTY}: parameters has ${entries.length} values, but at most ${MAX_PARAMETERS} are passed through: put several into one`,
    );
  }
  for (const [name, value] of entries) {
    if (name === '' || name.length > 50 || isBuiltIn(name)) {
      throw new Error(
        `${PROPERTY}: parameters has the name ${show(name)}, but must have names of 1–50 characters, and no word of JavaScript's objects`,
      );
    }
    if (typeof value !== 'string' || (!Token.isUnresolved(value) && value.length > PARAMETER_LENGTH)) {
      throw new Error(
        `${PROPERTY}: parameters.${name} is ${show(value)}, but must be a text of at most ${PARAMETER_LENGTH} characters: let the function look up what is longer`,
      );
    }
  }
}

/** Refuses a function of another account or region, which the gate does not invoke. */
function checkPlace(handler: lambda.IFunction, { scope }: GateContext): void {
  const pipeline = Stack.of(scope);
  for (const place of ['account', 'region'] as const) {
    const of = handler.env[place];
    if (!Token.isUnresolved(of) && !Token.isUnresolved(pipeline[place]) && of !== pipeline[place]) {
      throw new Error(
        `${PROPERTY}: handler ${handler.node.path} is in the ${place} ${of}, but the pipeline is in ${pipeline[place]}: define the function in the pipeline's account and region, and let it call the other`,
      );
    }
  }
}

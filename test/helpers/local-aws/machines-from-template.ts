import type { AslDefinition } from '../../../lib/rollout/machine-definition';
import type { RolloutPlan } from '../../../lib/rollout/plan';
import type { Machines } from '../run-machine';
import type { Fields, Place } from './call';

/** A synthesized CloudFormation template, as far as it is read here. */
export interface Template {
  readonly Resources: { readonly [logicalId: string]: { readonly Type: string; readonly Properties?: Fields } };
}

/** The start of every execution of a leg. */
const START_LEG = ':states:startExecution.sync:2';

/**
 * The machines of a pipeline, out of its synthesized template. What only a deployment knows becomes a text that names it:
 * `<WatchHandler.Arn>`.
 *
 * @param service picks one of several pipelines in the template
 */
export function machinesFromTemplate(template: Template, place: Place, service?: string): Machines {
  const definitions = new Map<string, AslDefinition>();
  for (const [logicalId, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    if (Type === 'AWS::StepFunctions::StateMachine') {
      const { DefinitionString, Definition } = Properties;
      const text = DefinitionString === undefined ? JSON.stringify(Definition) : resolve(DefinitionString, place);
      definitions.set(logicalId, JSON.parse(text) as AslDefinition);
    }
  }
  const parents = [...definitions.values()].filter(
    (definition) => legState(definition) && (service === undefined || planOf(definition).service === service),
  );
  if (parents.length !== 1) {
    throw new Error(`${parents.length} machines start legs, in [${[...definitions.keys()]}]: name the service of one`);
  }
  const { StateMachineArn = '' } = (legState(parents[0])?.Parameters ?? {}) as { StateMachineArn?: string };
  // A Ref to a state machine is its ARN, and so is its attribute Arn.
  const leg = definitions.get(StateMachineArn.replace(/^<(\w+)(\.Arn)?>$/, '$1'));
  if (!leg) {
    throw new Error(`The leg machine ${StateMachineArn} is none of [${[...definitions.keys()]}]`);
  }
  return { parent: parents[0], leg };
}

/** The plan that is embedded in a rollout machine. */
export function planOf(parent: AslDefinition): RolloutPlan {
  const state = Object.values(parent.States).find(({ Type, ResultPath }) => Type === 'Pass' && ResultPath === '$.plan');
  if (!state) {
    throw new Error('The machine has no state that sets $.plan');
  }
  return state.Result as RolloutPlan;
}

const legState = (definition: AslDefinition) =>
  Object.values(definition.States).find(({ Resource }) => String(Resource).endsWith(START_LEG));

/** The text that an expression of CloudFormation stands for. */
function resolve(value: unknown, place: Place): string {
  if (typeof value === 'string') {
    return value;
  }
  const [[intrinsic, argument]] = Object.entries(value as Fields);
  switch (intrinsic) {
    case 'Ref':
      return PSEUDO[String(argument)]?.(place) ?? `<${argument}>`;
    case 'Fn::GetAtt':
      return `<${(argument as string[]).join('.')}>`;
    case 'Fn::Join': {
      const [delimiter, parts] = argument as [string, unknown[]];
      return parts.map((part) => resolve(part, place)).join(delimiter);
    }
    default:
      throw new Error(`A definition has ${intrinsic}, which is not resolved here: ${JSON.stringify(argument)}`);
  }
}

const PSEUDO: { readonly [name: string]: (place: Place) => string } = {
  'AWS::Partition': () => 'aws',
  'AWS::Region': ({ region }) => region,
  'AWS::AccountId': ({ account }) => account,
  'AWS::URLSuffix': () => 'amazonaws.com',
};

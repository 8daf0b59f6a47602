import type { RolloutPlan } from '../../lib/plan/rollout-plan';
import type { AslDefinition, AslState } from '../../lib/rollout/machine-definition';
import type { Machines } from '../helpers/run-machine';
import { resolve, resourcesOf, type Stack } from './template';

/** Start of every execution of a leg. */
const START_LEG = ':states:startExecution.sync:2';

/**
 * Reads the machines of a pipeline from its synthesized stack. Values that only a deployment has become a text with
 * their name: `<WatchHandler.Arn>`.
 *
 * @param service picks one of several pipelines in the stack
 */
export function machinesFromTemplate(stack: Stack, service?: string): Machines {
  const definitions = new Map<string, AslDefinition>();
  for (const [logicalId, { StateMachineName, DefinitionString }] of resourcesOf(
    stack,
    'AWS::StepFunctions::StateMachine',
  )) {
    const name = StateMachineName === undefined ? `<${logicalId}>` : resolve(StateMachineName, stack);
    definitions.set(name, JSON.parse(resolve(DefinitionString, stack)) as AslDefinition);
  }
  const parents = [...definitions.values()].filter(
    (definition) => legState(definition) && (service === undefined || planOf(definition).service === service),
  );
  if (parents.length !== 1) {
    throw new Error(`${parents.length} machines start legs, of ${[...definitions.keys()]}: name the service of one`);
  }
  const { StateMachineArn = '' } = (legState(parents[0])?.Parameters ?? {}) as { StateMachineArn?: string };
  // Both a Ref to a state machine and its attribute Arn are its ARN; a written-out ARN may contain the name.
  const name = StateMachineArn.replace(/^<(\w+)\.Arn>$/, '<$1>').replace(/^arn:.*:/, '');
  const leg = definitions.get(name);
  if (!leg) {
    throw new Error(`The leg machine ${StateMachineArn} is none of ${[...definitions.keys()]}`);
  }
  return { parent: parents[0], leg };
}

/** Reads the plan that is embedded in a rollout machine. */
export function planOf(parent: AslDefinition): RolloutPlan {
  const state = Object.values(parent.States).find(({ Type, ResultPath }) => Type === 'Pass' && ResultPath === '$.plan');
  if (!state) {
    throw new Error('The machine has no state that sets $.plan');
  }
  return state.Result as RolloutPlan;
}

const legState = (definition: AslDefinition): AslState | undefined =>
  Object.values(definition.States).find(({ Resource }) => String(Resource).endsWith(START_LEG));

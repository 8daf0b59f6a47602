import type { LocalPipeline } from '../e2e/local-pipeline';
import type { Trouble } from './case';
import { Injector } from './injector';
import { kindNamed } from './kinds';
import { type Hooks, RELEASE, type ReleaseRun } from './release-run';

/** Hooks of a trouble into a run. */
export interface Armed extends Hooks {
  readonly wasMet: () => boolean;
  /** Called once the run has started. */
  readonly onStart?: (run: ReleaseRun) => void;
}

export function arm(trouble: Trouble, pipeline: LocalPipeline): Armed {
  switch (trouble.is) {
    case 'call':
      return armCall(trouble, pipeline);
    case 'kill':
      return armKill(trouble);
    case 'duplicate':
      return armDuplicate(trouble, pipeline);
    case 'pipeline':
      return { pipelineEvent: trouble, wasMet: () => true };
  }
}

type Of<Kind extends Trouble['is']> = Extract<Trouble, { readonly is: Kind }>;

function armCall({ site, kind }: Of<'call'>, { clock }: LocalPipeline): Armed {
  const injector = new Injector(site, kindNamed(kind), () => clock.now());
  return {
    retries: true,
    wasMet: () => injector.wasMet,
    onCall: (call, action) => injector.onCall(call, action),
    onState: (state, moment, _execution, action) => {
      injector.onState(state, moment, action);
      return undefined;
    },
  };
}

function armKill(kill: Of<'kill'>): Armed {
  let visits = 0;
  let dead = false;
  return {
    wasMet: () => dead,
    onState: (state, moment, execution) => {
      if (execution !== kill.execution) return undefined;
      const isThere = state === kill.state && moment === kill.moment;
      if (isThere) visits++;
      const now = isThere && visits === kill.visit;
      dead ||= now;
      return (kill.legOnly ? now : dead) ? 'kill' : undefined;
    },
  };
}

function armDuplicate({ action, state: at }: Of<'duplicate'>, pipeline: LocalPipeline): Armed {
  let run: ReleaseRun | undefined;
  let started = false;
  return {
    wasMet: () => started,
    onStart: (its) => {
      run = its;
    },
    onState: (state, moment, execution) => {
      if (!started && state === at && moment === 'before' && execution === `${RELEASE}-${action}`) {
        started = true;
        run?.atOnce(pipeline.rollout(action, RELEASE, `${execution}-again`));
      }
      return undefined;
    },
  };
}

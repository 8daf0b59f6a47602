import { CliError } from '../../core/cli-error';
import { errorText } from '../../core/error-text';
import { isoTime, minutesSince } from '../../core/time';
import { abandon } from '../../ledger/abandon';
import { endRolledBack, finish } from '../../ledger/end';
import { letGo } from '../../ledger/hold';
import type { Holder, Release } from '../../ledger/items';
import { ignoringConflict } from '../../ledger/ledger';
import { returnedId, takeBack, whyNotReturned } from '../../ledger/returned';
import { standing } from '../../ledger/standing';
import { hasShifted } from '../../ledger/started';
import { retryingConflicts } from '../../ledger/update';
import { HANDLER_MINUTES } from '../../plan/timing';
import type { PipelineSide } from './pipeline-side';

/** The release that is to return. */
export interface Begun {
  readonly release: Release;
  /** Whether the ledger is to be told when all is on stable. */
  readonly endsIt: boolean;
  readonly notes: readonly string[];
}

/**
 * Begins the roll back of a release in the ledger, as the machine would: from now on nothing of it starts, and what runs it
 * is stopped. By default the release that holds production, or held it last.
 *
 * @param targetsGone names the functions that could not return
 */
export async function begin(
  side: PipelineSide,
  execution: string | undefined,
  because: string,
  targetsGone: (release: Release) => Promise<readonly string[]>,
): Promise<Begun> {
  const { ledger } = side;
  const holder = await ledger.holder();
  const executionId = execution ?? holder?.executionId;
  const named = executionId === undefined ? undefined : await ledger.release(executionId);
  // What takes a completed release back may have crashed before it was begun: its release says how to go on.
  const release = named?.returns !== undefined && !named.ended ? await ledger.release(named.returns) : named;
  if (!release) {
    throw new CliError(
      executionId === undefined
        ? 'no release has ever taken production'
        : `the ledger knows nothing of release ${executionId}`,
    );
  }
  await finish(ledger, release, release.token);
  if (release.ended === 'COMPLETED') return beginTakingBack(side, release, because, targetsGone);
  if (release.ended) return over(release, holder, `It has ended already: ${release.ended}, ${release.reason}.`);
  const may = standing(release.executionId, { holder, release });
  if (!may.holds) throw new CliError(may.reason);
  if (!hasShifted(release)) {
    await abandon(ledger, release, `ended before anything of it had shifted: ${because}`);
    return { release, endsIt: false, notes: ['Nothing of it had shifted; production is free.'] };
  }
  if (!release.rollingBackSince) {
    await ignoringConflict(ledger.markRollingBack(release.executionId, isoTime(Date.now()), because));
  }
  const notes = await stopMachine(side, release, because);
  return { release: (await ledger.release(release.executionId)) ?? release, endsIt: true, notes };
}

async function beginTakingBack(
  side: PipelineSide,
  completed: Release,
  because: string,
  targetsGone: (release: Release) => Promise<readonly string[]>,
): Promise<Begun> {
  const { ledger } = side;
  const begun = await ledger.release(returnedId(completed.executionId));
  if (!begun?.token) {
    const facts = { completed, holder: await ledger.holder(), stable: await ledger.stable() };
    const reason = whyNotReturned(facts);
    if (reason) throw new CliError(reason);
    // All regions or none.
    const gone = await targetsGone(completed);
    if (gone.length > 0) {
      throw new CliError(`nothing was touched, since not all can return: ${gone.join('; ')}`);
    }
  }
  const taken = await takeBack(ledger, completed, because);
  if ('reason' in taken) throw new CliError(taken.reason);
  const { release } = taken;
  return release.ended
    ? over(release, await ledger.holder(), `It has been taken back already: ${release.reason}.`)
    : { release, endsIt: true, notes: [] };
}

/** Of a release that has ended: looked at again, as long as no later one serves in its place. */
function over(release: Release, holder: Holder | undefined, note: string): Begun {
  const { executionId, ended } = release;
  if (holder?.executionId !== executionId) {
    throw new CliError(
      `release ${executionId} has ended: ${ended}. Production was taken by release ${holder?.executionId} since`,
    );
  }
  return { release, endsIt: false, notes: [note] };
}

async function stopMachine(side: PipelineSide, { machine }: Release, because: string): Promise<readonly string[]> {
  if (!machine) return [];
  try {
    await side.stop(machine, because);
    return [];
  } catch (error) {
    // It finds in the ledger that its release is being rolled back, and ends by itself.
    return [`Its state machine could not be stopped, and ends by itself: ${errorText(error)}.`];
  }
}

/** Stopping an execution does not stop the handler that it is running, which may still start deployments for so long. */
export const mayStillStart = ({ machine, rollingBackSince }: Release): boolean =>
  machine !== undefined &&
  rollingBackSince !== undefined &&
  minutesSince(rollingBackSince, Date.now()) <= HANDLER_MINUTES + 1;

/** Tells the ledger that all is on stable: production is free. The person's hold stays. */
export async function endInLedger({ ledger, transitions }: PipelineSide, release: Release, reason: string) {
  await retryingConflicts(async () => {
    const fresh = (await ledger.release(release.executionId)) ?? release;
    await (fresh.ended ? finish(ledger, fresh, fresh.token) : endRolledBack(ledger, fresh, reason));
  });
  await letGo(ledger, transitions);
}

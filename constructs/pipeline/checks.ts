/**
 * Commands that a candidate must pass to enter staging, and to leave it. Each kind is a visible action of its own. All
 * of Build's run before synth, on the sources of the release.
 */
export interface Checks {
  /**
   * Commands that prepare each check: every check runs on a machine of its own.
   *
   * @default ['npm ci']
   */
  readonly install?: string[];

  /** Commands of the action `Lint` in Build. At least one. */
  readonly lint: string[];

  /** Commands of the action `UnitTests` in Build. At least one. */
  readonly unitTests: string[];

  /** Commands of the action `IntegrationTests` in Build. At least one. */
  readonly integrationTests: string[];

  /**
   * Commands of the action `StagingTests`, which runs in Staging when all of staging's traffic is on the candidate.
   * Their environment variables are the values that `define` passed to `stack.exposeToStagingTests`. When they fail,
   * the release does not leave staging.
   *
   * @default - a build leaves staging when it has been deployed there without an alarm
   */
  readonly stagingTests?: string[];

  /**
   * Further checks of Build: names of actions, each with its commands. The organization's standard may require some by
   * name.
   *
   * @default - none
   */
  readonly additional?: { [name: string]: string[] };
}

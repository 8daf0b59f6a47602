/**
 * The commands that decide whether a candidate is fit for staging, and for leaving it. Each kind is a visible action of
 * its own; all of Build's run before synth, on the sources of the release.
 */
export interface Checks {
  /**
   * Commands that prepare each of the checks: every one runs on a machine of its own.
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
   * Commands of the action `StagingTests`, which runs in Staging when all of staging's traffic is on the candidate. They get as
   * environment variables what `define` exposed with `stack.exposeToStagingTests`. When they fail, the release does not leave staging.
   *
   * @default - a build leaves staging when it has been deployed there without an alarm
   */
  readonly stagingTests?: string[];

  /**
   * Further checks of Build: the action's name, and its commands. The standard of the organization may require some by name.
   *
   * @default - none
   */
  readonly additional?: { [name: string]: string[] };
}

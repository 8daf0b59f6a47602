import type { Site } from './site';

/** Course of the release apart from the fault. */
export type Scenario =
  | 'healthy'
  /** An alarm fires in a region in the middle of the canary. */
  | 'canary turns bad'
  | 'wave 2 turns bad'
  /** A person stops the pipeline in the middle of wave 2. */
  | 'stopped in wave 2'
  /** The canary's machine dies, with everything that would notice. */
  | 'canary left alone'
  /** A person has frozen the pipeline before both gates, for a while. */
  | 'frozen'
  /** The pipeline is frozen for long, and the glass is broken for this release. */
  | 'glass broken';

/** Scenarios in which a release waits at its gates, and passes them in the end. */
export const GATED: readonly Scenario[] = ['frozen', 'glass broken'];

export const SCENARIOS: readonly Scenario[] = [
  'healthy',
  'canary turns bad',
  'wave 2 turns bad',
  'stopped in wave 2',
  'canary left alone',
  ...GATED,
];

/** Events that change the execution of the pipeline. */
export const PIPELINE_EVENTS = [
  'stopped, waits',
  'stopped, abandons',
  'superseded',
  'updated',
  'updated, transitions enabled',
] as const;

export type PipelineEvent = (typeof PIPELINE_EVENTS)[number];

/** Moment before or after an action, or in the middle of a rollout. */
export interface Point {
  readonly action: string;
  readonly moment: 'before' | 'middle' | 'after';
}

/** One fault. */
export type Trouble =
  | { readonly is: 'call'; readonly site: Site; readonly kind: string }
  /**
   * An execution of the machine, or only the leg that it waits for, is killed at a state, on its first visit or its
   * last.
   */
  | {
      readonly is: 'kill';
      readonly action: string;
      readonly execution: string;
      readonly state: string;
      readonly moment: 'before' | 'after';
      readonly visit: number;
      readonly legOnly: boolean;
    }
  /** A second execution with the same input is started when the first one enters a state. */
  | { readonly is: 'duplicate'; readonly action: string; readonly state: string }
  | { readonly is: 'pipeline'; readonly event: PipelineEvent; readonly at: Point };

/** One case of the table: a release, and the fault in it. */
export interface Case {
  /** Text that `--only` searches. */
  readonly name: string;
  /** Row of the summary: kind of trouble. */
  readonly row: string;
  /** Column of the summary: part of the release. */
  readonly column: string;
  readonly scenario: Scenario;
  readonly trouble: Trouble;
}

/** Result of a case. */
export interface CaseResult {
  readonly name: string;
  /** End of the release, in a few words. */
  readonly outcome: string;
  /** Differences from the required outcome; none if the case passed. */
  readonly problems: readonly string[];
  /** Processor time. */
  readonly milliseconds: number;
}

import type { Site } from './site';

/** What else happens, besides the fault. */
export type Scenario =
  | 'healthy'
  /** An alarm fires in a region in the middle of the canary. */
  | 'canary turns bad'
  | 'wave 2 turns bad'
  /** Somebody stops the pipeline in the middle of wave 2. */
  | 'stopped in wave 2'
  /** The canary's machine dies, and so does everything that would notice. */
  | 'canary left alone'
  /** Somebody has stopped the line before both gates, for a while. */
  | 'frozen'
  /** The line is stopped for long, and the glass is broken for this release. */
  | 'glass broken';

/** Scenarios in which a release waits at its gates, and goes through in the end. */
export const GATED: readonly Scenario[] = ['frozen', 'glass broken'];

export const SCENARIOS: readonly Scenario[] = [
  'healthy',
  'canary turns bad',
  'wave 2 turns bad',
  'stopped in wave 2',
  'canary left alone',
  ...GATED,
];

/** What becomes of the execution of the pipeline. */
export const PIPELINE_EVENTS = [
  'stopped, waits',
  'stopped, abandons',
  'superseded',
  'updated',
  'updated, transitions enabled',
] as const;

export type PipelineEvent = (typeof PIPELINE_EVENTS)[number];

/** When: before or after an action, or in the middle of a rollout. */
export interface Point {
  readonly action: string;
  readonly moment: 'before' | 'middle' | 'after';
}

/** What goes wrong. */
export type Trouble =
  | { readonly is: 'call'; readonly site: Site; readonly kind: string }
  /** An execution of the machine is killed at a state, on its first visit or its last; or only the leg that it waits for. */
  | {
      readonly is: 'kill';
      readonly action: string;
      readonly execution: string;
      readonly state: string;
      readonly moment: 'before' | 'after';
      readonly visit: number;
      readonly legOnly: boolean;
    }
  /** A second execution with the same input is started when the first one comes to a state. */
  | { readonly is: 'duplicate'; readonly action: string; readonly state: string }
  | { readonly is: 'pipeline'; readonly event: PipelineEvent; readonly at: Point };

/** One row of the table: a release, and what goes wrong with it. */
export interface Case {
  /** By which it is found again. */
  readonly name: string;
  /** Of the summary: the kind of trouble. */
  readonly row: string;
  /** Of the summary: when it happens. */
  readonly column: string;
  readonly scenario: Scenario;
  readonly trouble: Trouble;
}

/** How a case came out. */
export interface CaseResult {
  readonly name: string;
  /** What became of the release, in a few words. */
  readonly outcome: string;
  /** What is not as it has to be; none: passed. */
  readonly problems: readonly string[];
  /** Of a processor. */
  readonly milliseconds: number;
}

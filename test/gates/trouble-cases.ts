import { AMERICA, EUROPE, type GateCase, type Given, REGIONS, type Trouble } from './case';
import { traffic } from './written';

/** Builds a healthy service with one fault. */
const withTrouble =
  (trouble: Trouble, reason: Given['reason']) =>
  (now: number): Given => ({
    written: REGIONS.flatMap((region) => traffic(now, { region, requests: 40_320, days: 28 })),
    trouble,
    reason,
  });

const cloudWatch = { services: ['monitoring'], region: EUROPE } as const;

/** Cases in which AWS does not answer the gate. A missing answer never counts as an answer. */
export const TROUBLE_CASES: readonly GateCase[] = [
  {
    name: 'CloudWatch throttles one call',
    verdict: 'PASS',
    given: withTrouble({ ...cloudWatch, times: 1, fault: { kind: 'throttled' } }, '0.00 min down <= 40.32 min allowed'),
  },
  {
    name: 'CloudWatch throttles one region',
    verdict: 'ERROR',
    given: withTrouble(
      { ...cloudWatch, fault: { kind: 'throttled' } },
      /^eu-west-1 could not be read: ThrottlingException: Rate exceeded$/,
    ),
  },
  {
    name: 'CloudWatch denies one region',
    verdict: 'ERROR',
    given: withTrouble(
      { ...cloudWatch, fault: { kind: 'denied' } },
      /^eu-west-1 could not be read: AccessDeniedException: User: .* is not authorized to perform: \w+:GetMetricData/,
    ),
  },
  {
    name: 'the role of one region cannot be assumed',
    verdict: 'ERROR',
    given: withTrouble(
      { services: ['sts'], region: EUROPE, fault: { kind: 'denied' } },
      /^eu-west-1 could not be read: AccessDenied: .*AssumeRole/,
    ),
  },
  {
    name: 'CloudWatch has errors of its own',
    verdict: 'ERROR',
    given: withTrouble(
      { ...cloudWatch, fault: { kind: 'server-error' } },
      /^eu-west-1 could not be read: InternalFailure: An internal error$/,
    ),
  },
  {
    name: 'CloudWatch refuses the request',
    verdict: 'ERROR',
    given: withTrouble(
      {
        ...cloudWatch,
        fault: { kind: 'error', name: 'InvalidParameterValueException', message: 'The value is not supported' },
      },
      'eu-west-1 could not be read: InvalidParameterValueException: The value is not supported',
    ),
  },
  {
    name: 'CloudWatch answers with nothing',
    verdict: 'ERROR',
    given: withTrouble(
      { ...cloudWatch, fault: { kind: 'garbled', body: '{}' } },
      'eu-west-1 could not be read: Error: CloudWatch in eu-west-1 gave an empty answer',
    ),
  },
  {
    name: 'CloudWatch breaks the connection',
    verdict: 'ERROR',
    given: withTrouble(
      { ...cloudWatch, fault: { kind: 'no-answer', effect: false } },
      /^eu-west-1 could not be read: .*(ECONNRESET|socket hang up)/,
    ),
  },
  {
    name: 'CloudWatch refuses connections, everywhere',
    verdict: 'ERROR',
    given: withTrouble(
      { services: ['monitoring'], fault: { kind: 'refused' } },
      new RegExp(`^${EUROPE} could not be read: .*ECONNREFUSED.*; ${AMERICA} could not be read: .*ECONNREFUSED`),
    ),
  },
  {
    name: 'CloudWatch gives no answer, everywhere',
    verdict: 'ERROR',
    given: withTrouble(
      { services: ['monitoring'], fault: { kind: 'no-answer', effect: false, hangs: true } },
      new RegExp(`^${EUROPE} could not be read: TimeoutError: .*; ${AMERICA} could not be read: TimeoutError`),
    ),
  },
  {
    name: 'the ledger is throttled',
    verdict: 'ERROR',
    given: withTrouble(
      { services: ['dynamodb'], fault: { kind: 'throttled' } },
      /^could not be evaluated: ThrottlingException: Rate exceeded$/,
    ),
  },
  {
    name: 'neither roles nor break glass get an answer',
    verdict: 'ERROR',
    given: withTrouble(
      { services: ['sts', 'ssm'], fault: { kind: 'no-answer', effect: false, hangs: true } },
      /could not be (read|evaluated): TimeoutError|^gave no answer within 35 s$/,
    ),
  },
  {
    name: 'nothing answers but CodePipeline',
    verdict: 'ERROR',
    given: withTrouble(
      {
        services: ['monitoring', 'sts', 'dynamodb', 'ssm', 'sns'],
        fault: { kind: 'no-answer', effect: false, hangs: true },
      },
      /^(could not be evaluated: TimeoutError|gave no answer within 35 s)/,
    ),
  },
];

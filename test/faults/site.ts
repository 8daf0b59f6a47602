import { markOf } from '../../lib/workload/description';
import type { Call, Fields } from '../local-aws/call';

/** One place in a handler or in the machine that calls AWS: the target of a fault. */
export interface Site {
  /** The running action of the pipeline. */
  readonly action: string;
  /** Name of the handler's bundle; `machine` for calls of the state machine itself. */
  readonly caller: string;
  /** For example `codedeploy:CreateDeployment`; `invoke Start` for the machine. */
  readonly operation: string;
  /** Difference from other calls of the handler: item and attributes of the ledger, or purpose of a deployment. */
  readonly about: string;
  readonly region: string;
  /** Number among identical calls, within one run of the handler. */
  readonly nth: number;
}

export const siteText = ({ caller, operation, about, region, nth }: Site): string =>
  [caller, operation.replace(/^\w+:/, ''), about, region, nth > 1 ? `no. ${nth}` : ''].filter(Boolean).join(' ');

/** Names calls in their order. All calls of one run of a handler are made in one moment of virtual time. */
export class SiteNames {
  private moment = '';
  private counts = new Map<string, number>();

  name(call: Call, action: string): Site {
    const moment = `${action} ${call.at}`;
    if (moment !== this.moment) {
      this.moment = moment;
      this.counts.clear();
    }
    const { caller, service, operation, region } = call;
    const site: Site = { action, caller, operation: `${service}:${operation}`, about: aboutOf(call), region, nth: 1 };
    const text = siteText(site);
    const nth = (this.counts.get(text) ?? 0) + 1;
    this.counts.set(text, nth);
    return { ...site, nth };
  }
}

export const sameSite = (a: Site, b: Site): boolean => a.action === b.action && siteText(a) === siteText(b);

function aboutOf({ service, input }: Call): string {
  if (service === 'dynamodb') return [itemOf(input), ...writtenTo(input)].join(' ');
  if (typeof input.description === 'string') return markOf(input.description)?.purpose ?? '';
  if (typeof input.stageName === 'string') return input.stageName;
  if (typeof input.jobId === 'string') return typeof input.continuationToken === 'string' ? 'again' : '';
  return '';
}

type Attribute = { readonly S?: string; readonly M?: { readonly [name: string]: Attribute } };

/** Item of the ledger: `holder`, `stable` or `release`. */
function itemOf({ Key, Item }: Fields): string {
  const { pk } = (Key ?? Item ?? {}) as { readonly pk?: Attribute };
  return (pk?.S ?? '').replace(/#.*/, '');
}

/** The attributes that an update sets, each with its new state. */
function writtenTo({ UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues }: Fields): string[] {
  const names = (ExpressionAttributeNames ?? {}) as { readonly [placeholder: string]: string };
  const values = (ExpressionAttributeValues ?? {}) as { readonly [placeholder: string]: Attribute };
  const sets = [...String(UpdateExpression ?? '').matchAll(/([#\w.]+) = (:\w+)/g)];
  return sets.map(([, path, placeholder]) => {
    const { S, M } = values[placeholder] ?? {};
    const state = M?.state?.S === 'STARTED' && M.settlingSince ? 'settling' : M?.state?.S;
    const word = state ?? (/^[A-Z_]+$/.test(S ?? '') ? S : undefined);
    const name = path
      .split('.')
      .map((each) => names[each] ?? each)
      .join('.');
    return word ? `${name} ${word}` : name;
  });
}

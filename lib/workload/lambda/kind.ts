import type { Kind } from '../kind';
import { latency, requests } from './metrics';
import { planLambda } from './plan';
import { aliasNameOf, lambdaRevision, versionOf } from './revision';

/** Lambda functions: everything about them that needs no call. */
export const lambdaKind: Kind = {
  check({ revision, address }, at) {
    versionOf(revision, `${at}.revision`);
    aliasNameOf(address, `${at}.address`);
  },
  plan: planLambda,
  named(text, at) {
    const revision = lambdaRevision(text);
    versionOf(revision, at);
    return revision;
  },
  requests,
  latency,
};

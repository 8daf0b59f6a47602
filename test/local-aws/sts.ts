import { AwsError, type Call, type Fields, required } from './call';
import type { VirtualClock } from './clock';
import type { Identity, Service } from './endpoint';
import { awsQuery } from './protocols';

/** Longest session of a role that another role assumed, in seconds: an hour. */
const SESSION_SECONDS = 3_600;

/** Credentials in the form of `aws_access_key_id` and its companions. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Roles, their sessions, and the owners of access keys. */
export class Sts implements Service {
  readonly name = 'sts';
  readonly protocol = awsQuery('https://sts.amazonaws.com/doc/2011-06-15/');

  private readonly roles = new Map<string, { readonly trusted: readonly string[] }>();
  private readonly sessions = new Map<string, { readonly principal: string; readonly expires: number }>();

  constructor(private readonly clock: VirtualClock) {}

  /** Creates a role that these accounts may assume. */
  addRole(arn: string, trustedAccounts: readonly string[]): void {
    if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.{1,64}$/.test(arn)) {
      throw new Error(`${arn} is not the ARN of a role`);
    }
    this.roles.set(arn, { trusted: trustedAccounts });
  }

  removeRole(arn: string): void {
    this.roles.delete(arn);
  }

  /** Returns an access key of the account itself, as a Lambda function in it has. */
  accessKey(account: string): AccessKey {
    return { accessKeyId: `AKIA${account}`, secretAccessKey: 'local' };
  }

  /** Returns the owner of an access key. */
  readonly identify = (accessKeyId: string): Identity => {
    const account = /^A[KS]IA(\d{12})/.exec(accessKeyId)?.[1];
    if (!account) {
      throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
    }
    if (accessKeyId.startsWith('AKIA')) {
      return { account, principal: `arn:aws:iam::${account}:root` };
    }
    const session = this.sessions.get(accessKeyId);
    if (!session || session.expires <= this.clock.now()) {
      throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', 403);
    }
    return { account, principal: session.principal };
  };

  handle(call: Call): Fields {
    switch (call.operation) {
      case 'AssumeRole':
        return this.assumeRole(call);
      case 'GetCallerIdentity':
        return { Account: call.account, Arn: call.principal, UserId: 'local' };
      default:
        throw new AwsError('InvalidAction', `Could not find operation ${call.operation}`);
    }
  }

  private assumeRole(call: Call): Fields {
    const arn = required(call.input, 'RoleArn', 'ValidationError');
    const name = required(call.input, 'RoleSessionName', 'ValidationError');
    if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
      throw new AwsError(
        'ValidationError',
        `Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
      );
    }
    const seconds = Number(call.input.DurationSeconds ?? SESSION_SECONDS);
    if (seconds < 900 || seconds > SESSION_SECONDS) {
      throw new AwsError('ValidationError', `DurationSeconds ${seconds} is not from 900 to ${SESSION_SECONDS}`);
    }
    if (!this.roles.get(arn)?.trusted.includes(call.account)) {
      throw new AwsError(
        'AccessDenied',
        `User: ${call.principal} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
        403,
      );
    }
    const account = arn.split(':')[4];
    const accessKeyId = `ASIA${account}${String(this.sessions.size).padStart(6, '0')}`;
    const expires = this.clock.now() + seconds * 1000;
    this.sessions.set(accessKeyId, { principal: arn, expires });
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: 'local',
        SessionToken: 'local',
        Expiration: new Date(expires).toISOString(),
      },
      AssumedRoleUser: {
        Arn: `${arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${name}`,
        AssumedRoleId: `AROA:${name}`,
      },
    };
  }
}

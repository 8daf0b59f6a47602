import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { EnvironmentPlan } from '../plan/rollout-plan';
import { CLIENT_CONFIG } from './client-config';

/** Environment of a client, and the service that uses it. */
export interface Environment extends Pick<EnvironmentPlan, 'region'> {
  readonly service: string;
  /** The role to assume. Without it the clients use the credentials of this process. */
  readonly roleArn?: string;
}

/** Configuration of every client of an environment. */
export interface EnvironmentConfig {
  readonly region: string;
  readonly credentials?: () => Promise<AwsCredentialIdentity>;
  readonly maxAttempts: number;
  readonly requestHandler: typeof CLIENT_CONFIG.requestHandler;
}

/** Credentials are renewed this long before they expire, as the SDK's clients require: longer than any handler runs. */
const RENEW_MINUTES = 5;

const SESSION_SECONDS = 3_600;

const credentials = new Map<string, () => Promise<AwsCredentialIdentity>>();

/**
 * Returns a factory of one kind of client, cached per environment for the lifetime of the module. Each kind has its own
 * file, so that a handler's bundle has only the kinds it uses.
 */
export function perEnvironment<T>(create: (config: EnvironmentConfig) => T): (environment: Environment) => T {
  const clients = new Map<string, T>();
  return (environment) => {
    const key = keyOf(environment);
    const client = clients.get(key) ?? create(configOf(environment));
    clients.set(key, client);
    return client;
  };
}

function configOf(environment: Environment): EnvironmentConfig {
  const { region, roleArn, service } = environment;
  if (roleArn === undefined) return { ...CLIENT_CONFIG, region };
  const key = keyOf(environment);
  const provider = credentials.get(key) ?? assumedRole({ service, region, roleArn });
  credentials.set(key, provider);
  return { ...CLIENT_CONFIG, region, credentials: provider };
}

const keyOf = ({ service, region, roleArn = '' }: Environment): string => `${service} ${region} ${roleArn}`;

/**
 * Assumes a role for all clients of an environment. STS is called in the environment's region: no other region's outage
 * matters.
 */
function assumedRole({ service, region, roleArn }: Required<Environment>): () => Promise<AwsCredentialIdentity> {
  const sts = new STSClient({ ...CLIENT_CONFIG, region });
  let current: { readonly identity: Promise<AwsCredentialIdentity>; expiresAt: number } | undefined;

  const assume = async (): Promise<AwsCredentialIdentity> => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: `${service}-rollout`,
        DurationSeconds: SESSION_SECONDS,
      }),
    );
    if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey) {
      throw new Error(`STS in ${region} gave no credentials for ${roleArn}`);
    }
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
      expiration: Credentials.Expiration,
    };
  };

  return async () => {
    const now = Date.now();
    if (!current || current.expiresAt - now < RENEW_MINUTES * 60_000) {
      const mine = { identity: assume(), expiresAt: now + SESSION_SECONDS * 1_000 };
      current = mine;
      try {
        const { expiration } = await mine.identity;
        mine.expiresAt = expiration?.getTime() ?? mine.expiresAt;
      } catch (error) {
        // The next call tries again.
        if (current === mine) current = undefined;
        throw error;
      }
    }
    return current.identity;
  };
}

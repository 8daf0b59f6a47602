import { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } from '@aws-sdk/client-codedeploy';

const codedeploy = new CodeDeployClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
});

/**
 * The `AfterAllowTraffic` hook of every canary. CodeDeploy runs it when the canary's timer would promote the candidate,
 * which means that nobody ended the canary in time. It always fails, and so CodeDeploy returns traffic by itself, in its
 * own region, even with nothing else of ours alive.
 */
export async function handler(event: unknown): Promise<void> {
  const { DeploymentId, LifecycleEventHookExecutionId } = (event ?? {}) as { readonly [name: string]: unknown };
  if (typeof DeploymentId !== 'string' || typeof LifecycleEventHookExecutionId !== 'string') {
    // A hook that throws fails too, only later.
    throw new Error('Not an event of a CodeDeploy hook: DeploymentId or LifecycleEventHookExecutionId is missing');
  }
  await codedeploy.send(
    new PutLifecycleEventHookExecutionStatusCommand({
      deploymentId: DeploymentId,
      lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
      status: 'Failed',
    }),
  );
  console.log(`Deployment ${DeploymentId}: the canary was not ended in time, CodeDeploy returns its traffic`);
}

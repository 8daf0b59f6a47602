/**
 * Message to a person who rolls a stage back in the console. Such a rollback would publish older infrastructure anew,
 * and run a canary of older code, instead of returning to stable.
 */
export const notByStage = (pipeline: string, executionId: string, older: string): string =>
  `Execution ${executionId} rolls a stage back to execution ${older}, which does not roll back a release. Nothing was published. Roll back with: npx microservice-deployment-pipeline rollback --service ${pipeline}. Or release the older commit by a new execution.`;

/** A phase of a microservice's life. The canary is part of production. */
export enum Phase {
  /** A copy of production without real traffic. */
  STAGING = 'STAGING',
  /** What users meet; also where canaries run. */
  PRODUCTION = 'PRODUCTION',
}

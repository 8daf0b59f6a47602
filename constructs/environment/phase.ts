/** A phase of a microservice's life. The canary is part of production. */
export enum Phase {
  /** A copy of production without real traffic. */
  STAGING = 'STAGING',
  /** The environments that serve users. Canaries run here, too. */
  PRODUCTION = 'PRODUCTION',
}

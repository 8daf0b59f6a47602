/**
 * What all clients have in common. The timeouts are short, so that one region that does not answer cannot hang a
 * handler, which has all the others to ask too.
 */
export const CLIENT_CONFIG = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    // Otherwise the SDK only writes a warning and waits on.
    throwOnRequestTimeout: true,
  },
};

/**
 * For calls that must not be made twice: after a lost answer the SDK would simply send them again. The handler looks
 * first what became of them.
 */
export const ONE_ATTEMPT = { maxAttempts: 1 };

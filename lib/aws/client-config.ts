/**
 * Configuration of all clients. The timeouts are short, so that one region that does not answer cannot hang a handler,
 * which must call all the others too.
 */
export const CLIENT_CONFIG = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    // Without this the SDK only writes a warning and keeps waiting.
    throwOnRequestTimeout: true,
  },
};

/**
 * Configuration of calls that must not be made twice: after a lost answer the SDK would simply send them again. The
 * handler first checks what they did.
 */
export const ONE_ATTEMPT = { maxAttempts: 1 };

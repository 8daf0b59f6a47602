/** The largest possible fleet: 12 functions in each of 20 regions, with the longest names. */
export const wholeFleet = (): { readonly regions: readonly string[]; readonly keys: readonly string[] } => ({
  regions: Array.from({ length: 20 }, (_, at) => `ap-southeast-${at + 1}`),
  keys: Array.from({ length: 12 }, (_, at) => `key${at + 1}`.padEnd(32, 'x')),
});

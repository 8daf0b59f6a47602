/** Writes one line of JSON, which CloudWatch Logs Insights parses. Name every field: never log a whole event. */
export function logLine(fields: { readonly [name: string]: string | number | undefined }): void {
  console.log(JSON.stringify(fields));
}

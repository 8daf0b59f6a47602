/** One line of JSON, as CloudWatch Logs Insights reads it. Name every field: never log an event whole. */
export function logLine(fields: { readonly [name: string]: string | number | undefined }): void {
  console.log(JSON.stringify(fields));
}

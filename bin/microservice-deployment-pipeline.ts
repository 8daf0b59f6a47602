import { run } from '../lib/cli/run';

export { run };

if (require.main === module) {
  // Suppresses the warning about old versions of Node.js, which the SDK prints once per client.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  void run(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}

import { run } from '../lib/cli/run';

export { run };

if (require.main === module) {
  // The SDK warns of old versions of Node.js, once per client: not to people in a hurry.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  void run(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}

exports.handler = async (event) => ({ function: 'api', event });

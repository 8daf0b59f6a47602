exports.handler = async (event) => ({ function: 'worker', event });

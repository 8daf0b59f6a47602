exports.handler = async (event) => ({ function: 'report', event });

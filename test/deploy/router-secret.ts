/** The gateway's settings refuse to be read without it. Imported before them. */
process.env['ROUTER_SECRET'] ??= 'only for reading the settings';

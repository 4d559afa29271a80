/** Where command-line clients are called back: any port (RFC 8252, section 7.3); nothing need listen there. */
export const LOOPBACK_REDIRECT_URI = 'http://127.0.0.1/callback';

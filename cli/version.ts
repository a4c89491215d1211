/** The version that `--version` and results name: that of the package. */
export const VERSION = '0.1.0';

/** Takes `--name value` or `--name=value` out of the arguments, so that the rest can be read as settings. */
export function takeOption(args: readonly string[], name: string): { value: string | null; rest: string[] } {
  const flag = `--${name}`;
  const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  if (at < 0) return { value: null, rest: [...args] };
  const isInline = args[at] !== flag;
  const value = isInline ? (args[at] ?? '').slice(flag.length + 1) : (args[at + 1] ?? '');
  return { value, rest: args.toSpliced(at, isInline ? 1 : 2) };
}

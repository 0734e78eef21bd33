/** Takes `--name value` or `--name=value` out of arguments; the rest goes on to the settings. */
export function takeFlag(args: readonly string[], name: string): { value: string | null; rest: string[] } {
  const flag = `--${name}`;
  const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  if (at < 0) return { value: null, rest: [...args] };
  const isInline = args[at] !== flag;
  const value = isInline ? (args[at] ?? '').slice(flag.length + 1) : (args[at + 1] ?? '');
  return { value, rest: args.toSpliced(at, isInline ? 1 : 2) };
}

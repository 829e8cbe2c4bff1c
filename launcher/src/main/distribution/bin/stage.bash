# What demo, compare, goodput and storm share: a namespace with Linux's own TCP in it, a TAP device,
# and a container whose stack is at the other end. Sourced by each, with JAVA_HOME set; "title" is who
# sources it. Nothing of it is left behind, however the script ends.

readonly KERNEL=192.0.2.1 STACK=192.0.2.2
readonly LIMIT=600 # seconds that one transfer may take
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
readonly home
readonly namespace=penstock-$title-$$
namespaces=()
container=
patience=30
tap_properties= # further lines of the device's configuration
work=$(mktemp -d -- "${TMPDIR:-/tmp}/penstock-$title.XXXXXX")
readonly work

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$title" "$*" >&2
  if [[ -s $work/log ]]; then
    printf '%s: the container said last:\n' "$title" >&2
    tail -n 20 -- "$work/log" >&2
  fi
  exit 1
}

# Only what this script started is in a namespace that it made.
clean_up() {
  local code=$? name
  trap - EXIT
  trap '' INT TERM
  exec 2>/dev/null # Bash's own words about what is ended here.
  for name in "${namespaces[@]}"; do
    ip netns pids "$name" | xargs --no-run-if-empty kill -TERM || true
  done
  [[ -z $container ]] || kill -TERM "$container"
  wait
  for name in "${namespaces[@]}"; do ip netns delete "$name" || true; done
  rm -rf -- "$work"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

add_namespace() {
  ip netns add "$1" || fail "ip netns add failed"
  namespaces+=("$1")
  ip -n "$1" link set lo up
}

# Runs a command, and waits for it so that a signal is not kept waiting until it has ended.
interruptibly() {
  "$@" <&0 &
  wait $!
}

# Waits up to "patience" seconds for a command to succeed, as long as the container lives.
await() {
  local what=$1 tries
  shift
  for ((tries = 0; tries < 10 * patience; tries++)); do
    if "$@" >/dev/null 2>&1; then return; fi
    kill -0 "$container" 2>/dev/null || fail "the container ended while $title waited for $what"
    sleep 0.1
  done
  fail "$what did not come within $patience seconds"
}

# Writes the file to be carried, so many mebibytes of it, and sets "expected" to its hash.
make_file() {
  mkdir -p -- "$work/www"
  "$JAVA_HOME/bin/java" -cp "$home/lib/org.penstock.launcher.jar" \
    org.penstock.launcher.SeededFile "$work/www/file" "$1" "$2" || fail "the file could not be written"
  read -r expected _ < <(sha256sum -- "$work/www/file")
}

configure() {
  mkdir -p -- "$work/conf" "$work/load" "$work/run" "$work/www"
  printf 'name = %s\n' "$title" >"$work/conf/org.penstock.stack-$title.cfg"
  printf 'name = tap0\nnetns = %s\n%s\n' "$namespace" "$tap_properties" \
    >"$work/conf/org.penstock.netif.tap-tap0.cfg"
  printf 'stack = %s\nname = net0\naddresses = %s/24\nnetif.target = (netif.name=tap0)\n' \
    "$title" "$STACK" >"$work/conf/org.penstock.slot-net0.cfg"
  printf 'stack = %s\nroot = %s\n' "$title" "$work/www" \
    >"$work/conf/org.penstock.service.http-$title.cfg"
  local service
  for service in discard echo; do
    printf 'stack = %s\n' "$title" >"$work/conf/org.penstock.service.$service-$title.cfg"
  done
}

# The container's shell reads from "shell"; it ends with this script, whatever ends that.
start_container() {
  configure
  mkfifo -- "$work/shell"
  # shellcheck disable=SC2086 # several options in one variable
  "$JAVA_HOME/bin/java" --sun-misc-unsafe-memory-access=allow ${PENSTOCK_OPTS:-} -jar \
    "$home/lib/org.penstock.launcher.jar" --shell \
    --conf "$work/conf" --load "$work/load" --run "$work/run" >"$work/log" 2>&1 <"$work/shell" &
  container=$!
  exec {shell}>"$work/shell"
}

# Gives the kernel's end of the TAP its address as soon as it is there.
join_device() {
  await "the device tap0" ip -n "$namespace" link show tap0
  ip -n "$namespace" address add "$KERNEL/24" dev tap0
  ip -n "$namespace" link set tap0 up
}

# Joins the two, and waits until the stack's HTTP server answers.
join_stack() {
  join_device
  await "an answer from the HTTP server" ip netns exec "$namespace" \
    curl -sS --max-time 2 --head "http://$STACK/"
}

# Has the container's shell run the commands of its input, and sets "answer" to what they print.
ask() {
  local from
  from=$(($(wc -l <"$work/log") + 1))
  cat >&"$shell"
  printf 'echo answered\n' >&"$shell"
  await "an answer from the shell" eval "tail -n +$from -- '$work/log' | grep -q answered"
  answer=$(tail -n "+$from" -- "$work/log" | grep -v answered)
}

# Sets "pcbs" to how many each of the stack's lists holds.
count_pcbs() {
  ask <<<"net:pcbs --stack $title"
  pcbs=$(grep -oE '(BOUND|LISTENING|ACTIVE|TIME-WAIT) \([0-9]+\)' <<<"$answer")
}

is_idle() {
  count_pcbs
  grep -qx 'ACTIVE (0)' <<<"$pcbs" && grep -qx 'TIME-WAIT (0)' <<<"$pcbs"
}

# curl in a namespace writes what is at a URL to its output, and bytes and seconds to "figures".
curl_in() {
  ip netns exec "$1" curl -sS --fail --max-time $LIMIT \
    -w '%{stderr}%{size_download} %{time_total}\n' "$2" 2>"$work/figures"
}

curl_to_nowhere() { curl_in "$@" >/dev/null; }

curl_to_hash() { curl_in "$@" | sha256sum >"$work/hash"; }

# Downloads a URL to a namespace, and sets "bytes" and "seconds".
download() {
  interruptibly curl_to_nowhere "$@" || fail "curl failed at $2: $(cat -- "$work/figures")"
  read -r bytes seconds <"$work/figures"
}

# Downloads it, and sets "got" to the hash of what came as well.
download_hashed() {
  interruptibly curl_to_hash "$@" || fail "curl failed at $2: $(cat -- "$work/figures")"
  read -r bytes seconds <"$work/figures"
  read -r got _ <"$work/hash"
}

# Bytes and seconds as Gbit/s.
gigabits() { awk -v b="$1" -v s="$2" 'BEGIN { printf "%.2f", b * 8 / s / 1e9 }'; }

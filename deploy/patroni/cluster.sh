# What start, stop and status have in common: where everything of a cluster on one machine is, and how its programs are found and run.

usage() {
  echo "usage: $(basename "$0") FOLDER [NODE…]" >&2
  exit 2
}

[ $# -ge 1 ] || usage
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- 1 2 3
nodes=("$@")
for node in "${nodes[@]}"; do
  case $node in 1 | 2 | 3) ;; *) usage ;; esac
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$here/../../bin
# Each program of the cluster has a port above this one.
base=${PAY_CLUSTER_PORT:-5540}

postgres_port() { echo $((base + $1)); }
patroni_port() { echo $((base + 10 + $1)); }
etcd_port() { echo $((base + 20 + $1)); }
etcd_peer_port() { echo $((base + 30 + $1)); }
server_port() { echo $((base + 40 + $1)); }
haproxy_port=$((base + 50))

# A list of the three nodes in a form of printf, with commas: of their numbers by the function that comes first.
of_nodes() {
  local list=
  for node in 1 2 3; do
    list+=",$($1 "$node")"
  done
  echo "${list#,}"
}

postgres_host() { echo "127.0.0.1:$(postgres_port "$1")"; }
etcd_host() { echo "127.0.0.1:$(etcd_port "$1")"; }
etcd_member() { echo "node$1=http://127.0.0.1:$(etcd_peer_port "$1")"; }

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_postgres=()
if [ "$(id -u)" = 0 ]; then
  as_postgres=(setpriv --reuid postgres --regid postgres --init-groups env "HOME=$folder")
fi

is_running() {
  [ -s "$1" ] && kill -0 "$(cat "$1")" 2> /dev/null
}

# Starts a program that outlives this one: the file of its process's number, that of its log, and the command. Both files are
# closed to others, since those of a pay-server lie in its data folder.
start_program() {
  local pid_file=$1 log=$2
  shift 2
  is_running "$pid_file" && return
  (
    umask 077
    setsid "$@" >> "$log" 2>&1 < /dev/null &
    echo $! > "$pid_file"
  )
}

# The role that the Patroni of a node gives it: primary, replica, or nothing where it does not answer.
role_of() {
  local port
  port=$(patroni_port "$1")
  if curl --silent --fail --max-time 2 --output /dev/null "http://127.0.0.1:$port/primary"; then
    echo primary
  elif curl --silent --fail --max-time 2 --output /dev/null "http://127.0.0.1:$port/replica"; then
    echo replica
  fi
}

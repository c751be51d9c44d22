# shellcheck shell=sh disable=SC2154
# Real ClickHouse servers on loopback, for tests: . tests/support/clickhouse.sh
# after setting $work to a directory of the test's own.
#   ch_there              is the program installed?
#   ch_start N [R]        servers of the cluster `mxtrend`: N shards of R
#                         replicas (1), numbered 1.., a shard's side by side
#   ch_restart I          one of them, after ch_kill (-9) or ch_stop
#   ch_sql I SQL          on server I; database in $ch_database
#   ch_create I FORM      the tables of mxtrend push --schema=FORM in it
#   zk_there, zk_start    a ZooKeeper, before ch_start where R > 1
#   zk_kill, zk_restart
#   ch_url I              clickhouse://127.0.0.1:PORT/DATABASE
#   ch_more               more of a server's configuration, before ch_start
#   ch_stop_all           at the end, in a trap
# Users: default without, `pusher` with the password `secret`.
ch_database=${ch_database:-fleet}
zk_jar=/usr/share/java/zookeeper.jar
ch_server=$(command -v clickhouse-server || echo /usr/sbin/clickhouse-server)

ch_there() {
	[ -x "$ch_server" ] && command -v clickhouse-client >/dev/null
}

# N ports that nobody has now.
ch_ports() {
	python3 - "$1" <<-'END'
	import socket
	import sys
	open_ones = [socket.socket() for _ in range(int(sys.argv[1]))]
	for it in open_ones:
	    it.bind(("127.0.0.1", 0))
	print(*[it.getsockname()[1] for it in open_ones])
	END
}

ch_port() { # I WHAT: http tcp interserver
	sed -n "s/^$2 //p" "$work/ch$1/ports"
}

zk_there() {
	[ -f "$zk_jar" ] && command -v java >/dev/null
}

# A server that was killed does not start where half of a table's rows are not
# what ZooKeeper has of them; in tables of three rows that is one part.
zk_start() {
	mkdir -p "$work/zk"
	zk_port=$(ch_ports 1)
	cat >"$work/zk/zoo.cfg" <<-END
	tickTime=500
	dataDir=$work/zk
	clientPort=$zk_port
	clientPortAddress=127.0.0.1
	admin.enableServer=false
	END
	cat >"$work/zk/config" <<-END
	<zookeeper><node><host>127.0.0.1</host><port>$zk_port</port></node>
	<session_timeout_ms>6000</session_timeout_ms></zookeeper>
	<merge_tree><replicated_max_ratio_of_wrong_parts>1
	</replicated_max_ratio_of_wrong_parts></merge_tree>
	END
	zk_restart
}

zk_restart() {
	java -Xmx256m -cp "$zk_jar" \
	    org.apache.zookeeper.server.quorum.QuorumPeerMain \
	    "$work/zk/zoo.cfg" >"$work/zk/said" 2>&1 &
	echo $! >"$work/zk/pid"
	for _ in $(seq 100); do
		python3 -c "import socket; socket.create_connection(('127.0.0.1', $zk_port))" \
		    2>/dev/null && return 0
		sleep 0.1
	done
	echo "# ZooKeeper does not start" >&2
	tail -n 5 "$work/zk/said" >&2
	return 1
}

zk_kill() {
	kill -9 "$(cat "$work/zk/pid")" 2>/dev/null || true
	wait "$(cat "$work/zk/pid")" 2>/dev/null || true
}

ch_configure() { # I
	dir=$work/ch$1
	cat >"$dir/config.xml" <<-END
	<yandex>
	<logger><level>warning</level><log>$dir/server.log</log>
	<errorlog>$dir/error.log</errorlog></logger>
	<listen_host>127.0.0.1</listen_host>
	<interserver_http_host>127.0.0.1</interserver_http_host>
	<http_port>$(ch_port "$1" http)</http_port>
	<tcp_port>$(ch_port "$1" tcp)</tcp_port>
	<interserver_http_port>$(ch_port "$1" interserver)</interserver_http_port>
	<path>$dir/data/</path><tmp_path>$dir/tmp/</tmp_path>
	<users_config>users.xml</users_config>
	<default_profile>default</default_profile>
	<default_database>default</default_database>
	<mark_cache_size>67108864</mark_cache_size>
	<remote_servers><mxtrend>$(cat "$work/shards")</mxtrend></remote_servers>
	<macros><shard>$((($1 - 1) / ch_replicas + 1))</shard>
	<replica>r$1</replica></macros>
	$(cat "$work/zk/config" 2>/dev/null)
	${ch_more-}
	</yandex>
	END
	cat >"$dir/users.xml" <<-END
	<yandex><profiles><default>
	<max_memory_usage>2000000000</max_memory_usage>
	<connect_timeout_with_failover_ms>10000</connect_timeout_with_failover_ms>
	</default></profiles>
	<users>
	<default><password></password><networks><ip>127.0.0.1</ip></networks>
	<profile>default</profile><quota>default</quota></default>
	<pusher><password>secret</password>
	<networks><ip>127.0.0.1</ip></networks>
	<profile>default</profile><quota>default</quota></pusher>
	</users><quotas><default></default></quotas></yandex>
	END
}

ch_restart() { # I
	"$ch_server" --config-file="$work/ch$1/config.xml" \
	    >"$work/ch$1/said" 2>&1 &
	echo $! >"$work/ch$1/pid"
	for _ in $(seq 200); do
		clickhouse-client --port "$(ch_port "$1" tcp)" -q 'SELECT 1' \
		    >/dev/null 2>&1 && return 0
		kill -0 "$(cat "$work/ch$1/pid")" 2>/dev/null || break
		sleep 0.1
	done
	echo "# server $1 does not start" >&2
	tail -n 5 "$work/ch$1/said" >&2
	grep -v '^[0-9]*\. ' "$work/ch$1/error.log" | cut -c 1-400 |
	    tail -n 8 >&2
	return 1
}

ch_start() { # N [R]
	ch_replicas=${2:-1}
	count=$(($1 * ch_replicas))
	: >"$work/shards"
	# shellcheck disable=SC2046 # words
	set -- $(ch_ports $((3 * count)))
	for i in $(seq "$count"); do
		mkdir -p "$work/ch$i/data" "$work/ch$i/tmp"
		printf 'http %s\ntcp %s\ninterserver %s\n' "$1" "$2" "$3" \
		    >"$work/ch$i/ports"
		{
			[ $(((i - 1) % ch_replicas)) != 0 ] || echo "<shard>" \
			    "<internal_replication>true</internal_replication>"
			echo "<replica><host>127.0.0.1</host><port>$2</port>" \
			    "</replica>"
			[ $((i % ch_replicas)) != 0 ] || echo "</shard>"
		} >>"$work/shards"
		shift 3
	done
	for i in $(seq "$count"); do
		ch_configure "$i"
		ch_restart "$i" || return 1
		clickhouse-client --port "$(ch_port "$i" tcp)" \
		    -q "CREATE DATABASE $ch_database" || return 1
	done
}

ch_kill() { # I
	kill -9 "$(cat "$work/ch$1/pid")" 2>/dev/null || true
	wait "$(cat "$work/ch$1/pid")" 2>/dev/null || true
}

ch_stop() { # I
	kill "$(cat "$work/ch$1/pid")" 2>/dev/null || true
	wait "$(cat "$work/ch$1/pid")" 2>/dev/null || true
}

ch_stop_all() {
	for ch in "$work"/ch[0-9]* "$work/zk"; do
		[ -f "$ch/pid" ] || continue
		kill -9 "$(cat "$ch/pid")" 2>/dev/null || true
		wait "$(cat "$ch/pid")" 2>/dev/null || true
	done
}

ch_sql() { # I SQL
	clickhouse-client --port "$(ch_port "$1" tcp)" -d "$ch_database" \
	    -q "$2"
}

# What is printed, to the letter; where no ZooKeeper runs, tables that are not
# replicated.
ch_create() { # I FORM
	"$mxtrend" push --schema="$2" --to "$(ch_url "$1")" |
	    if [ -f "$work/zk/pid" ]; then
		cat
	    else
		sed "s/'.*' AS replicated_in/'' AS replicated_in/
		/ENGINE = ReplicatedMergeTree($/{
		N
		s/ReplicatedMergeTree(.*'{replica}')/MergeTree/
		}"
	    fi |
	    clickhouse-client --port "$(ch_port "$1" tcp)" \
	    -d "$ch_database" --multiquery
}

ch_url() { # I
	echo "clickhouse://127.0.0.1:$(ch_port "$1" http)/$ch_database"
}

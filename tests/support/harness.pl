#!/usr/bin/perl
# Runs TAP producers through TAP::Harness (the library of prove) and adds up
# the cases of all suites. A program that dies, or ends before its plan is
# fulfilled, counts as a failure of its own.
use strict;
use warnings;
use Cwd qw(abs_path);
use TAP::Harness;

my ($build, $jobs, @words) = @ARGV;
my @suites = grep { !/^\^/ } @words;
my ($only) = map { /^\^(.*)/ } @words;
$only //= '';
my ($passed, $failed, $skipped) = (0, 0, 0);
my @told;

# What each kind of suite runs: name => command.
sub producers {
	my ($kind, $dir) = @_;
	if ($kind eq 'unit') {
		return map { /(test_\w+)\.c$/ ? ["$dir/tests/unit/$1"] : () }
		    sort glob('tests/unit/test_*.c');
	}
	if ($kind eq 'fuzz') {
		return map { ["$dir/replay/fuzz_$_"] } sort
		    grep { $_ ne 'log_format' }
		    map { m{(?:/fuzz_|/)([\w-]+)\.(?:c|dict)$} }
		    glob('tests/fuzz/fuzz_*.c tests/fuzz/log_*.dict');
	}
	if ($kind eq 'cli') {
		return map { ['tests/cli/run-case', $dir, $_] }
		    grep { m{/[^/.]+\.sh$} }
		    sort(glob('tests/cli/*.sh'), glob('tests/cli/*/*.sh'));
	}
	if ($kind eq 'arch') {
		return map { [$_] } sort glob('tests/arch/*.sh');
	}
	my $genlog = $dir =~ s{[^/]+$}{release}r . '/tests/gen/genlog';
	if ($kind eq 'gen') {
		return ['tests/gen/selftest.sh', $genlog];
	}
	if ($kind eq 'truth') {
		return map { [$_, "$dir/mxtrend", $genlog] }
		    sort glob('tests/truth/*.t');
	}
	if ($kind eq 'fault') {
		return map { [$_, $dir] } sort glob('tests/fault/*.sh');
	}
	if ($kind eq 'fleet') {
		return map { [$_, $dir] } sort glob('tests/fleet/*.sh');
	}
	die "no such suite: $kind\n";
}

# What every program finds in its environment.
sub environment {
	$ENV{CMOCKA_MESSAGE_OUTPUT} = 'TAP';
	$ENV{LC_ALL} = 'C';
	$ENV{TZ} = 'UTC';
	$ENV{ASAN_OPTIONS} = 'abort_on_error=0:detect_leaks=1';
	$ENV{UBSAN_OPTIONS} = 'print_stacktrace=1';
	delete @ENV{grep { /^MXTREND_/ } keys %ENV};
}

# Counts the cases of one program, and keeps what it says of those that fail:
# programs run side by side, so that is told when all have ended. (cmocka
# prints "not ok 3 # SKIP name" for what it skips.)
sub count_cases {
	my ($of, $parser, $job) = @_;
	my $n = $of->{ $job->[1] } = { passed => 0, failed => 0, skipped => 0,
	    notes => [] };
	my ($is_failing, $comments);

	$parser->callback(test => sub {
		my ($test) = @_;
		my $kind = $test->has_skip ? 'skipped' :
		    $test->is_ok ? 'passed' : 'failed';
		$n->{$kind}++;
		$is_failing = $kind eq 'failed';
		$comments = 0;
		push @{ $n->{notes} }, $test->as_string
		    unless $kind eq 'passed';
	});
	$parser->callback(comment => sub {
		push @{ $n->{notes} }, '    ' . $_[0]->as_string
		    if $is_failing && ++$comments <= 12;
	});
}

sub trouble {
	my ($parser) = @_;
	my @what = $parser->parse_errors;
	push @what, 'ended by signal ' . ($parser->wait & 127)
	    if $parser->wait & 127;
	push @what, 'exit status ' . $parser->exit if $parser->exit;
	return join '; ', @what;
}

# All programs of all suites go into one pool, so that no processor waits for
# the last one of a suite. Those that take long, and those that wait for
# servers, begin first.
my @order = qw(fleet fault truth cli unit gen arch fuzz);
my (%command, %of_suite);
for my $suite (@suites) {
	my ($kind, $variant) = split /:/, "$suite:release";
	my $dir = abs_path($build) . "/$variant";
	for my $producer (producers($kind, $dir)) {
		my $name = $kind eq 'cli' ? $producer->[-1] : $producer->[0];
		$name =~ s{^\Q$dir\E/}{};
		$name =~ s{^tests/}{};
		next if $only ne '' && index($name, $only) < 0;
		# What could not be built is a failure like any other.
		$producer = ['sh', '-c',
		    "echo 1..1; echo 'not ok 1 - $producer->[0] is missing'"]
		    unless -x $producer->[0];
		$command{"$suite $name"} = $producer;
		push @{ $of_suite{$suite} }, "$suite $name";
	}
}
environment();
my $harness = TAP::Harness->new({
	jobs => $jobs, verbosity => -3, merge => 0,
	exec => sub { $command{ $_[1] } },
});
my %of;
$harness->callback(made_parser => sub { count_cases(\%of, @_) });
my %rank = map { $order[$_] => $_ } 0 .. $#order;
my $sum = $harness->runtests(map { @{ $of_suite{$_} // [] } }
    sort { $rank{ $a =~ s/:.*//r } <=> $rank{ $b =~ s/:.*//r } } @suites);

for my $suite (@suites) {
	next unless $of_suite{$suite};
	my %all = (passed => 0, failed => 0, skipped => 0);
	my $seconds = 0;
	for my $name (@{ $of_suite{$suite} }) {
		my ($parser) = $sum->parsers($name);
		my $n = $of{$name};
		my $trouble = trouble($parser);
		# Died, or ended before its plan was fulfilled.
		$n->{failed}++ if $trouble ne '' && !$n->{failed};
		$all{$_} += $n->{$_} for keys %all;
		$seconds += $parser->end_time - $parser->start_time;
		print "$name: $trouble\n" if @{ $n->{notes} } || $trouble ne "";
		print map { "    $_\n" } @{ $n->{notes} };
	}
	# Of its programs by the clock, together.
	my $told = sprintf "%-14s %5d passed, %d failed%s  (%d s)\n", $suite,
	    $all{passed}, $all{failed},
	    $all{skipped} ? ", $all{skipped} skipped" : '', $seconds;
	print $told;
	push @told, $told;
	$passed += $all{passed};
	$failed += $all{failed};
	$skipped += $all{skipped};
}
print "$skipped skipped: what they need is not installed, or they have a target of their own\n" if $skipped;
my $line = "$passed passed, $failed failed\n";
print $line;
# summary: for .ci/run, which must end with it whatever make says in between.
# suites: for tests/lint/readme.sh.
sub keep {
	my ($name, @lines) = @_;
	open(my $file, '>', "$build/$name") or return;
	print $file @lines;
	close $file;
}
keep('summary', $line);
keep('suites', @told, $line);
exit($failed || !$passed ? 1 : 0);

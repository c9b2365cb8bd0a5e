"""The system tasks and functions of IEEE 1800-2023, with a signature and a sentence for each.

Must not hold tools' own tasks: those differ, and a user who has one knows it.
"""

from __future__ import annotations

from typing import NamedTuple


class SystemTask(NamedTuple):
    """One system task or function."""

    signature: str
    """As it is called, with the names of its arguments; later ones may be left out."""
    description: str
    """What it does, in one sentence."""


_LINES = """\
$display|$display(format, args...)|Prints a line at once.
$displayb|$displayb(args...)|Prints a line; numbers in binary by default.
$displayh|$displayh(args...)|Prints a line; numbers in hexadecimal by default.
$displayo|$displayo(args...)|Prints a line; numbers in octal by default.
$write|$write(format, args...)|Prints without a line end.
$writeb|$writeb(args...)|Prints without a line end; numbers in binary by default.
$writeh|$writeh(args...)|Prints without a line end; numbers in hexadecimal by default.
$writeo|$writeo(args...)|Prints without a line end; numbers in octal by default.
$strobe|$strobe(format, args...)|Prints a line at the end of the time step, when values have settled.
$monitor|$monitor(format, args...)|Prints a line whenever one of the arguments changes.
$monitoron|$monitoron|Turns monitoring on.
$monitoroff|$monitoroff|Turns monitoring off.
$fopen|$fopen(filename, type)|Opens a file; a descriptor, or 0 if it can't be opened.
$fclose|$fclose(fd)|Closes a file.
$fdisplay|$fdisplay(fd, format, args...)|Prints a line to a file.
$fwrite|$fwrite(fd, format, args...)|Prints to a file without a line end.
$fstrobe|$fstrobe(fd, format, args...)|Prints a line to a file at the end of the time step.
$fmonitor|$fmonitor(fd, format, args...)|Prints a line to a file whenever an argument changes.
$fflush|$fflush(fd)|Writes out what is buffered.
$fgetc|$fgetc(fd)|Reads one byte; -1 at the end of the file.
$ungetc|$ungetc(c, fd)|Puts a byte back to be read again.
$fgets|$fgets(str, fd)|Reads a line into a string; the number of characters.
$fscanf|$fscanf(fd, format, args...)|Reads values by a format; the number of values read.
$sscanf|$sscanf(str, format, args...)|Reads values from a string by a format; the number of values read.
$fread|$fread(mem, fd, start, count)|Reads binary data into a variable or memory.
$ftell|$ftell(fd)|Position in the file, in bytes.
$fseek|$fseek(fd, offset, operation)|Moves in the file; operation 0 from the start, 1 from here, 2 from the end.
$rewind|$rewind(fd)|Moves to the start of the file.
$feof|$feof(fd)|Nonzero at the end of the file.
$ferror|$ferror(fd, str)|Number and text of the last error of a file.
$swrite|$swrite(output, format, args...)|Formats into a string variable.
$sformat|$sformat(output, format, args...)|Formats into a string variable by one format string.
$sformatf|$sformatf(format, args...)|The formatted string.
$readmemb|$readmemb(filename, memory, start, finish)|Loads a memory from a file of binary numbers.
$readmemh|$readmemh(filename, memory, start, finish)|Loads a memory from a file of hexadecimal numbers.
$writememb|$writememb(filename, memory, start, finish)|Writes a memory to a file in binary.
$writememh|$writememh(filename, memory, start, finish)|Writes a memory to a file in hexadecimal.
$dumpfile|$dumpfile(filename)|Names the VCD file.
$dumpvars|$dumpvars(levels, scopes_or_variables...)|Chooses what is dumped; levels 0 means everything below.
$dumpon|$dumpon|Goes on dumping.
$dumpoff|$dumpoff|Stops dumping.
$dumpall|$dumpall|Dumps all values now.
$dumplimit|$dumplimit(size)|Limits the VCD file, in bytes.
$dumpflush|$dumpflush|Writes out what is dumped so far.
$finish|$finish(n)|Ends the simulation; n is 0, 1 or 2, how much is reported.
$stop|$stop(n)|Suspends the simulation; n is 0, 1 or 2, how much is reported.
$exit|$exit|Ends the processes of the calling program.
$fatal|$fatal(finish_number, format, args...)|Reports an error and ends the simulation or elaboration.
$error|$error(format, args...)|Reports an error.
$warning|$warning(format, args...)|Reports a warning.
$info|$info(format, args...)|Reports a message.
$time|$time|Simulation time as a 64-bit integer, in the unit of the module.
$stime|$stime|Simulation time as a 32-bit unsigned integer.
$realtime|$realtime|Simulation time as a real number.
$printtimescale|$printtimescale(hierarchical_name)|Prints the time unit and precision of a module.
$timeformat|$timeformat(units, precision, suffix, minimum_width)|How %t prints time.
$timeunit|$timeunit(hierarchical_name)|Time unit, as a power of ten of seconds.
$timeprecision|$timeprecision(hierarchical_name)|Time precision, as a power of ten of seconds.
$bits|$bits(expression_or_type)|Number of bits that a value of the type needs.
$typename|$typename(expression_or_type)|Name of the type, as a string.
$isunbounded|$isunbounded(parameter)|1 if the parameter is `$`.
$left|$left(array, dimension)|Left bound of a dimension; 1 is the slowest varying.
$right|$right(array, dimension)|Right bound of a dimension.
$low|$low(array, dimension)|Smaller bound of a dimension.
$high|$high(array, dimension)|Larger bound of a dimension.
$increment|$increment(array, dimension)|1 if the left bound is not below the right one, else -1.
$size|$size(array, dimension)|Number of elements of a dimension.
$dimensions|$dimensions(array)|Number of dimensions, packed and unpacked.
$unpacked_dimensions|$unpacked_dimensions(array)|Number of unpacked dimensions.
$clog2|$clog2(n)|Ceiling of the base-2 logarithm; 0 for 0 and 1. Address width of n entries.
$ln|$ln(x)|Natural logarithm.
$log10|$log10(x)|Decimal logarithm.
$exp|$exp(x)|Exponential.
$sqrt|$sqrt(x)|Square root.
$pow|$pow(x, y)|x to the power of y.
$floor|$floor(x)|Largest integer not above x, as a real.
$ceil|$ceil(x)|Smallest integer not below x, as a real.
$sin|$sin(x)|Sine; radians.
$cos|$cos(x)|Cosine; radians.
$tan|$tan(x)|Tangent; radians.
$asin|$asin(x)|Arc sine; radians.
$acos|$acos(x)|Arc cosine; radians.
$atan|$atan(x)|Arc tangent; radians.
$atan2|$atan2(y, x)|Arc tangent of y/x; radians.
$hypot|$hypot(x, y)|Square root of x*x + y*y.
$sinh|$sinh(x)|Hyperbolic sine.
$cosh|$cosh(x)|Hyperbolic cosine.
$tanh|$tanh(x)|Hyperbolic tangent.
$asinh|$asinh(x)|Inverse hyperbolic sine.
$acosh|$acosh(x)|Inverse hyperbolic cosine.
$atanh|$atanh(x)|Inverse hyperbolic tangent.
$countbits|$countbits(expression, control_bits...)|Number of bits that have one of the given values.
$countones|$countones(expression)|Number of bits that are 1.
$onehot|$onehot(expression)|True if exactly one bit is 1.
$onehot0|$onehot0(expression)|True if at most one bit is 1.
$isunknown|$isunknown(expression)|True if any bit is x or z.
$signed|$signed(expression)|The same bits, signed.
$unsigned|$unsigned(expression)|The same bits, unsigned.
$cast|$cast(destination, source)|Assigns if the types allow; as a function 1 on success.
$rtoi|$rtoi(x)|Real to integer, truncated.
$itor|$itor(n)|Integer to real.
$realtobits|$realtobits(x)|The 64 bits of a real.
$bitstoreal|$bitstoreal(bits)|The real with these 64 bits.
$shortrealtobits|$shortrealtobits(x)|The 32 bits of a shortreal.
$bitstoshortreal|$bitstoshortreal(bits)|The shortreal with these 32 bits.
$random|$random(seed)|A signed 32-bit random number.
$urandom|$urandom(seed)|An unsigned 32-bit random number.
$urandom_range|$urandom_range(maxval, minval)|An unsigned random number in the range, bounds included.
$dist_uniform|$dist_uniform(seed, start, end)|A uniformly distributed random number.
$dist_normal|$dist_normal(seed, mean, standard_deviation)|A normally distributed random number.
$dist_exponential|$dist_exponential(seed, mean)|An exponentially distributed random number.
$dist_poisson|$dist_poisson(seed, mean)|A Poisson distributed random number.
$dist_chi_square|$dist_chi_square(seed, degree_of_freedom)|A chi-square distributed random number.
$dist_t|$dist_t(seed, degree_of_freedom)|A random number of Student's t distribution.
$dist_erlang|$dist_erlang(seed, k_stage, mean)|An Erlang distributed random number.
$sampled|$sampled(expression)|The value sampled for this time step, as assertions see it.
$past|$past(expression, number_of_ticks, gating, clocking_event)|The sampled value some ticks ago.
$rose|$rose(expression, clocking_event)|True if the lowest bit changed to 1 since the last clock tick.
$fell|$fell(expression, clocking_event)|True if the lowest bit changed to 0 since the last clock tick.
$stable|$stable(expression, clocking_event)|True if the value didn't change since the last clock tick.
$changed|$changed(expression, clocking_event)|True if the value changed since the last clock tick.
$past_gclk|$past_gclk(expression)|The value at the last tick of the global clock.
$rose_gclk|$rose_gclk(expression)|True if the lowest bit changed to 1 at the global clock.
$fell_gclk|$fell_gclk(expression)|True if the lowest bit changed to 0 at the global clock.
$stable_gclk|$stable_gclk(expression)|True if the value didn't change at the global clock.
$changed_gclk|$changed_gclk(expression)|True if the value changed at the global clock.
$future_gclk|$future_gclk(expression)|The value at the next tick of the global clock.
$rising_gclk|$rising_gclk(expression)|True if the lowest bit will be 1 at the next global tick, and isn't now.
$falling_gclk|$falling_gclk(expression)|True if the lowest bit will be 0 at the next global tick, and isn't now.
$steady_gclk|$steady_gclk(expression)|True if the value won't change at the next global tick.
$changing_gclk|$changing_gclk(expression)|True if the value will change at the next global tick.
$asserton|$asserton(levels, scopes_or_assertions...)|Turns assertions on.
$assertoff|$assertoff(levels, scopes_or_assertions...)|Turns assertions off; those under way go on.
$assertkill|$assertkill(levels, scopes_or_assertions...)|Turns assertions off and drops those under way.
$assertcontrol|$assertcontrol(control_type, assertion_type, directive_type, levels, ...)|Controls assertions in detail.
$assertpasson|$assertpasson(levels, scopes...)|Turns pass actions on.
$assertpassoff|$assertpassoff(levels, scopes...)|Turns pass actions off.
$assertfailon|$assertfailon(levels, scopes...)|Turns fail actions on.
$assertfailoff|$assertfailoff(levels, scopes...)|Turns fail actions off.
$get_coverage|$get_coverage|Overall coverage of all covergroups, 0 to 100.
$set_coverage_db_name|$set_coverage_db_name(filename)|Names the coverage database to save to.
$load_coverage_db|$load_coverage_db(filename)|Loads cumulative coverage.
$coverage_control|$coverage_control(control, coverage_type, scope, modules_or_instance)|Controls tool coverage.
$coverage_get|$coverage_get(coverage_type, scope, modules_or_instance)|Current tool coverage.
$coverage_get_max|$coverage_get_max(coverage_type, scope, modules_or_instance)|Greatest tool coverage there can be.
$coverage_save|$coverage_save(coverage_type, name)|Saves tool coverage.
$coverage_merge|$coverage_merge(coverage_type, name)|Merges saved tool coverage.
$test$plusargs|$test$plusargs(string)|True if a plus argument on the command line starts with the string.
$value$plusargs|$value$plusargs(format, variable)|Reads the value of a plus argument; true if it is there.
$system|$system(command)|Runs a command of the operating system; its exit code.
$stacktrace|$stacktrace|The call stack: printed as a task, a string as a function.
$q_initialize|$q_initialize(q_id, q_type, max_length, status)|Makes a stochastic queue.
$q_add|$q_add(q_id, job_id, inform_id, status)|Adds to a stochastic queue.
$q_remove|$q_remove(q_id, job_id, inform_id, status)|Takes from a stochastic queue.
$q_full|$q_full(q_id, status)|1 if a stochastic queue is full.
$q_exam|$q_exam(q_id, q_stat_code, q_stat_value, status)|Statistics of a stochastic queue.
$setup|$setup(data_event, reference_event, limit, notifier)|Timing check: data stable before the reference.
$hold|$hold(reference_event, data_event, limit, notifier)|Timing check: data stable after the reference.
$setuphold|$setuphold(reference_event, data_event, setup_limit, hold_limit, notifier)|Timing check: both in one.
$recovery|$recovery(reference_event, data_event, limit, notifier)|Timing check: released before the clock.
$removal|$removal(reference_event, data_event, limit, notifier)|Timing check: held after the clock.
$recrem|$recrem(reference_event, data_event, recovery_limit, removal_limit, notifier)|Timing check: both in one.
$skew|$skew(reference_event, data_event, limit, notifier)|Timing check: at most so much skew.
$timeskew|$timeskew(reference_event, data_event, limit, notifier)|Timing check: skew, reported when time is over.
$fullskew|$fullskew(reference_event, data_event, limit1, limit2, notifier)|Timing check: skew in both orders.
$period|$period(controlled_reference_event, limit, notifier)|Timing check: period not below the limit.
$width|$width(controlled_reference_event, limit, threshold, notifier)|Timing check: pulse not narrower than the limit.
$nochange|$nochange(reference_event, data_event, start_edge_offset, end_edge_offset, notifier)|Timing check: data stays.
$unit|$unit|The compilation unit, as a scope: `$unit::name`.
$root|$root|The root of the hierarchy: `$root.top.name`.
"""


def _read() -> dict[str, SystemTask]:
    """The table above as a mapping."""
    rows = (line.split("|") for line in _LINES.split("\n") if line)
    return {name: SystemTask(signature, description) for name, signature, description in rows}


SYSTEM_TASKS = _read()
"""By name, dollar sign included (IEEE 1800-2023, 20, 21, 31, 40 and annex D)."""

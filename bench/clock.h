/* Time, memory bandwidth and arithmetic peak, measured in the same run as what they are compared with. */
#ifndef HF_BENCH_CLOCK_H
#define HF_BENCH_CLOCK_H

/* Processor seconds of the calling thread: other work on the machine does not count. */
double bench_seconds(void);

/* Processor seconds of all threads; and seconds that pass, which count other work on the machine too. */
double bench_process_seconds(void);
double bench_wall_seconds(void);

/* Bytes a second that one thread reads from an array of 256 MiB, far larger than the caches: the best of some passes. */
double bench_read_bandwidth(void);

/* Products and sums of doubles a second (each counts one) that one thread can do when all is in registers, as separate instructions: the
 * project is compiled without fused ones, so that all machines give the same bits. */
double bench_arithmetic_peak(void);

#endif

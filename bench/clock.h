/* Time and memory bandwidth, measured in the same run as what they are compared with. */
#ifndef HF_BENCH_CLOCK_H
#define HF_BENCH_CLOCK_H

/* Processor seconds of the calling thread: other work on the machine does not count. */
double bench_seconds(void);

/* Seconds of the wall clock, for work of several threads. */
double bench_wall_seconds(void);

/* Processor seconds of all threads of the program. */
double bench_process_seconds(void);

/* Bytes a second that one thread reads from an array of 256 MiB, far larger than the caches. */
double bench_read_bandwidth(void);

#endif

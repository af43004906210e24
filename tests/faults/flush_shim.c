/* Notes, in the order in which they happen, what of a program matters for "answer only what is on disk":
 *
 *   R <uuid>   received from a socket          (noted after the call)
 *   W <uuid>   written to a write-ahead log    (noted before the call)
 *   F          that log was flushed            (noted after the call, when it succeeded)
 *   S <uuid>   sent to a socket                (noted before the call)
 *
 * So an F that stands before an S was over before the sending began. Preload it and name the notes' file in
 * FLUSH_NOTES. Each note is one write to a file opened for appending: threads need no lock to keep their order.
 * With FLUSH_LIMIT=n every flush of a log after the n-th fails. What the program starts itself is left alone.
 */

#define _GNU_SOURCE
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define UUID 36
#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

static int notes = -1;
static long limit = -1;

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("FLUSH_NOTES");
	if (path != NULL)
		notes = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (getenv("FLUSH_LIMIT") != NULL)
		limit = atol(getenv("FLUSH_LIMIT"));
	unsetenv("LD_PRELOAD");
}

static void note(const char *text, size_t size)
{
	if (REAL(ssize_t, write, int, const void *, size_t)(notes, text, size) != (ssize_t)size)
		abort();
}

static int is_uuid(const char *text)
{
	for (int i = 0; i < UUID; i++) {
		int dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return 0;
	}
	return 1;
}

static void note_uuids(char kind, const void *data, ssize_t size)
{
	const char *text = data;
	for (ssize_t i = 0; i + UUID <= size; i++) {
		if (!is_uuid(text + i))
			continue;
		char line[UUID + 4];
		note(line, (size_t)snprintf(line, sizeof line, "%c %.*s\n", kind, UUID, text + i));
		i += UUID - 1;
	}
}

static int is_socket(int fd)
{
	struct stat found;
	return notes >= 0 && fstat(fd, &found) == 0 && S_ISSOCK(found.st_mode);
}

static int is_log(int fd)
{
	char link[40], path[4096];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t size = notes < 0 ? -1 : readlink(link, path, sizeof path);
	return size > 4 && memcmp(path + size - 4, "-wal", 4) == 0;
}

static void note_out(int fd, const void *data, size_t size)
{
	if (is_socket(fd))
		note_uuids('S', data, (ssize_t)size);
	else if (is_log(fd))
		note_uuids('W', data, (ssize_t)size);
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
	ssize_t got = REAL(ssize_t, recv, int, void *, size_t, int)(fd, data, size, flags);
	if (is_socket(fd))
		note_uuids('R', data, got);
	return got;
}

ssize_t read(int fd, void *data, size_t size)
{
	ssize_t got = REAL(ssize_t, read, int, void *, size_t)(fd, data, size);
	if (is_socket(fd))
		note_uuids('R', data, got);
	return got;
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
	note_out(fd, data, size);
	return REAL(ssize_t, send, int, const void *, size_t, int)(fd, data, size, flags);
}

ssize_t write(int fd, const void *data, size_t size)
{
	note_out(fd, data, size);
	return REAL(ssize_t, write, int, const void *, size_t)(fd, data, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	for (int i = 0; i < count; i++)
		note_out(fd, parts[i].iov_base, parts[i].iov_len);
	return REAL(ssize_t, writev, int, const struct iovec *, int)(fd, parts, count);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
	note_out(fd, data, size);
	return REAL(ssize_t, pwrite, int, const void *, size_t, off_t)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{
	note_out(fd, data, size);
	return REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)(fd, data, size, at);
}

static int flush(int fd, int (*real)(int))
{
	static long flushes;
	if (!is_log(fd))
		return real(fd);
	if (limit >= 0 && __sync_add_and_fetch(&flushes, 1) > limit) {
		errno = EIO;
		return -1;
	}
	int failed = real(fd);
	if (!failed)
		note("F\n", 2);
	return failed;
}

int fsync(int fd)
{
	return flush(fd, REAL(int, fsync, int));
}

int fdatasync(int fd)
{
	return flush(fd, REAL(int, fdatasync, int));
}

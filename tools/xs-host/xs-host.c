// Runs an app that mcconfig built for Linux (mc.so) without a window: the SDK's simulator minus GTK. The library
// expects a "screen" that starts its idle tick, carries its messages and hears of an abort; GLib's main loop drives
// its timers and sockets. Compiled by tools/run-xs.mjs against the SDK's own build/simulators/modules/screen.h.
//
//   xs-host mc.so      exit 0: ended by SIGTERM or SIGINT · 2: not runnable · 100 + n: XS aborted for reason n

#define _GNU_SOURCE
#include <dlfcn.h>
#include <glib.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define mxLinux 1
#include "screen.h"

enum { WRONG_USAGE = 2, ABORT_BASE = 100 };
/** The idle tick only samples the instrumentation here (once a second): timers and sockets are GLib sources. */
enum { IDLE_MILLISECONDS = 100 };

static GMainLoop* gLoop;
static guint gIdleSource;

typedef struct {
	txScreen* screen;
	int size;
	char bytes[];
} Message;

/** The machine is beyond repair when this is called: nothing of it may run again, so the process ends here. */
static void screenAbort(txScreen* screen, int status)
{
	(void)screen;
	fflush(NULL);
	_exit(ABORT_BASE + status);
}

static void screenIgnore(txScreen* screen)
{
	(void)screen;
}

static gboolean idle(gpointer data)
{
	txScreen* screen = data;
	if (screen->idle) screen->idle(screen);
	return G_SOURCE_CONTINUE;
}

static void screenStart(txScreen* screen, double interval)
{
	(void)interval;
	if (!gIdleSource) gIdleSource = g_timeout_add(IDLE_MILLISECONDS, idle, screen);
}

static void screenStop(txScreen* screen)
{
	(void)screen;
	if (gIdleSource) g_source_remove(gIdleSource);
	gIdleSource = 0;
}

static gboolean deliver(gpointer data)
{
	Message* message = data;
	txScreen* screen = message->screen;
	if (screen->invoke) screen->invoke(screen, message->bytes, message->size);
	free(message);
	return G_SOURCE_REMOVE;
}

/** `size` 0 means a string that ends with a zero byte. */
static void screenPost(txScreen* screen, char* bytes, int size)
{
	size_t length = size ? (size_t)size : strlen(bytes) + 1;
	Message* message = malloc(sizeof(Message) + length);
	if (!message) return;
	message->screen = screen;
	message->size = size;
	memcpy(message->bytes, bytes, length);
	g_idle_add(deliver, message);
}

static gboolean endLoop(gpointer data)
{
	(void)data;
	g_main_loop_quit(gLoop);
	return G_SOURCE_CONTINUE;
}

int main(int count, char* arguments[])
{
	if (count != 2) {
		fprintf(stderr, "usage: xs-host mc.so\n");
		return WRONG_USAGE;
	}
	// Who supervises may be killed without a chance to stop it: a machine left behind would hold port and state.
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	void* library = dlopen(arguments[1], RTLD_NOW);
	txScreenLaunchProc launch = library ? (txScreenLaunchProc)dlsym(library, "fxScreenLaunch") : NULL;
	if (!launch) {
		fprintf(stderr, "xs-host: %s\n", dlerror());
		return WRONG_USAGE;
	}

	txScreen* screen = calloc(1, sizeof(txScreen) + screenBytesPerPixel);
	if (!screen) return WRONG_USAGE;
	screen->width = screen->height = 1;
	screen->abort = screenAbort;
	screen->bufferChanged = screenIgnore;
	screen->formatChanged = screenIgnore;
	screen->post = screenPost;
	screen->start = screenStart;
	screen->stop = screenStop;
	mxCreateMutex(&screen->workersMutex);

	// The SDK's sockets for Linux write without MSG_NOSIGNAL: a browser that leaves must not end the process.
	signal(SIGPIPE, SIG_IGN);
	gLoop = g_main_loop_new(NULL, FALSE);
	g_unix_signal_add(SIGTERM, endLoop, NULL);
	g_unix_signal_add(SIGINT, endLoop, NULL);
	launch(screen);
	if (!screen->machine) {
		fprintf(stderr, "xs-host: the machine did not start\n");
		return WRONG_USAGE;
	}
	g_main_loop_run(gLoop);

	// onQuit of the global `screen.context`, if the app has set one, then every destructor: sockets close here.
	if (screen->quit) screen->quit(screen);
	fflush(NULL);
	return 0;
}

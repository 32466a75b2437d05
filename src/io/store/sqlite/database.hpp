#pragma once
// Database: an SQLite file (write-ahead log) with one writer thread and a few reader threads, each
// with a connection of its own. Coroutines await `write` and `read`; no shard ever blocks.
//
// A write that succeeded survives `kill -9`; with `is_power_loss_safe`, also a power cut. A write
// that failed left no trace and the next one starts afresh, so a full disk heals when space
// returns.
//
// Thread-safe. Must outlive every call, and shards must outlive it (results are posted to them).

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "io/runtime/blocking_pool.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/sqlite/writer.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

class Database {
  public:
    struct Options {
        std::string path;
        bool is_power_loss_safe = false;
        size_t readers = 2;
        size_t queue_max = 1024;  // of waiting writes, and of waiting reads
        int64_t pages_max = 0;    // 0: as many as the disk holds
    };
    /// Creates the file and its folder when missing, and brings the schema up to date. Blocks.
    [[nodiscard]] static Result<std::shared_ptr<Database>> open(const Options& options);

    /// Runs `work(connection)`, which returns a Result, inside the writer's transaction and returns
    /// it after the commit. `work` may be called twice. When the caller gives up (deadline, cancel)
    /// the change may still be made.
    template <class Work>
    auto write(Work work, Wait wait) -> Task<std::invoke_result_t<Work&, Connection&>>;
    /// Runs `work(connection)` on a reader thread, inside one consistent snapshot.
    template <class Work>
    auto read(Work work, Wait wait) -> Task<std::invoke_result_t<Work&, Connection&>>;

    /// The same for threads that may block: start-up and the command line. Never call them on a
    /// shard.
    template <class Work>
    auto write_blocking(Work work) -> std::invoke_result_t<Work&, Connection&>;
    template <class Work>
    auto read_blocking(Work work) -> std::invoke_result_t<Work&, Connection&>;

    /// Another connection that reads, for a thread that does so at length.
    [[nodiscard]] Result<std::unique_ptr<Connection>> open_reader() const;

    /// Queues a change that nobody waits for; it is taken even when the queue is full. For
    /// clean-up.
    void post_write(std::function<Status(Connection&)> apply);
    /// Queues a change that nobody waits for. False: the queue is full. A failure is logged under
    /// `event`, which outlives the database.
    [[nodiscard]] bool try_post_write(std::string_view event,
                                      std::function<Status(Connection&)> apply);

  private:
    Database(const Options& options, std::unique_ptr<Connection> writer,
             std::vector<std::unique_ptr<Connection>> readers);
    template <class Work>
    static auto in_snapshot(Connection& connection, Work& work)
        -> std::invoke_result_t<Work&, Connection&>;

    const std::string path_;
    std::vector<std::unique_ptr<Connection>>
        reader_connections_;  // one for each thread of readers_
    runtime::BlockingPool readers_;
    Writer writer_;
};

template <class Work>
auto Database::in_snapshot(Connection& connection, Work& work)
    -> std::invoke_result_t<Work&, Connection&> {
    if (Status begun = connection.script("BEGIN"); !begun) return fail(begun.error());
    auto outcome = work(connection);
    (void)connection.script("COMMIT");  // nothing was changed, so nothing can be lost
    return outcome;
}

template <class Work>
auto Database::read(Work work, Wait wait) -> Task<std::invoke_result_t<Work&, Connection&>> {
    auto on_thread = [this, work = std::move(work)](size_t thread) mutable {
        return in_snapshot(*reader_connections_[thread], work);
    };
    co_return co_await readers_.run(std::move(on_thread), wait.deadline, std::move(wait.token));
}

template <class Work>
auto Database::write(Work work, Wait wait) -> Task<std::invoke_result_t<Work&, Connection&>> {
    using Outcome = std::invoke_result_t<Work&, Connection&>;
    struct Call {
        explicit Call(const runtime::Executor& executor) : done(executor) {}
        runtime::Event done;
        std::optional<Outcome> outcome;
    };
    const runtime::Executor executor = co_await runtime::current_executor();
    const auto call = std::make_shared<Call>(executor);
    const auto outcome = std::make_shared<std::optional<Outcome>>();
    WriteItem item;
    item.apply = [outcome, work = std::move(work)](Connection& connection) mutable -> Status {
        *outcome = work(connection);
        return **outcome ? Status{} : fail((*outcome)->error());
    };
    // `call = call`: a plain capture of a const variable is const, and could not be moved.
    item.complete = [outcome, call = call, executor](const Status& committed) mutable {
        if (!committed) *outcome = fail(committed.error());
        // Moved, not copied: the last reference must die on the shard's thread, which owns the
        // Event's timer.
        runtime::asio::post(executor, [call = std::move(call), outcome] {
            call->outcome = std::move(*outcome);
            call->done.notify();
        });
    };
    if (!writer_.try_post(std::move(item))) co_return fail(ErrorKind::kBusy, "store", "queue full");
    const auto waited = co_await call->done.wait(wait.deadline, wait.token);
    if (waited == runtime::WaitResult::kNotified) co_return std::move(*call->outcome);
    if (waited == runtime::WaitResult::kCancelled) {
        co_return fail(runtime::cancelled_error(wait.token.reason(), "store"));
    }
    co_return fail(ErrorKind::kTimeout, "store", "deadline passed");
}

template <class Work>
auto Database::write_blocking(Work work) -> std::invoke_result_t<Work&, Connection&> {
    using Outcome = std::invoke_result_t<Work&, Connection&>;
    std::optional<Outcome> outcome;
    // Shared: the writer may still be inside set_value when this thread goes on.
    const auto done = std::make_shared<std::promise<void>>();
    const auto apply = [&](Connection& connection) -> Status {
        outcome = work(connection);
        return *outcome ? Status{} : fail(outcome->error());
    };
    const auto complete = [&outcome, done](const Status& committed) {
        if (!committed) outcome = fail(committed.error());
        done->set_value();
    };
    if (!writer_.try_post({apply, complete})) return fail(ErrorKind::kBusy, "store", "queue full");
    done->get_future().wait();
    return std::move(*outcome);
}

template <class Work>
auto Database::read_blocking(Work work) -> std::invoke_result_t<Work&, Connection&> {
    using Outcome = std::invoke_result_t<Work&, Connection&>;
    std::optional<Outcome> outcome;
    const auto done = std::make_shared<std::promise<void>>();
    const bool is_queued = readers_.try_post([&, done](size_t thread) {
        outcome = in_snapshot(*reader_connections_[thread], work);
        done->set_value();
    });
    if (!is_queued) return fail(ErrorKind::kBusy, "store", "queue full");
    done->get_future().wait();
    return std::move(*outcome);
}

}  // namespace hayate::store

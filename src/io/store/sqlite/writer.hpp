#pragma once
// Writer: the one thread that changes the database. It takes everything that is queued, gives each
// item a savepoint of its own inside one transaction, commits once, and only then tells the
// callers: a result that was reported is on disk.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/result.hpp"
#include "io/store/sqlite/connection.hpp"

namespace hayate::store {

struct WriteItem {
    /// Makes the change; an error undoes this item alone. May be called twice: when the transaction
    /// it shared with others is lost, each item is tried again by itself.
    std::function<Status(Connection&)> apply;
    /// Called once, on the writer's thread, after the commit. Not OK: the change is not stored.
    std::function<void(const Status& committed)> complete;
};

class Writer {
  public:
    Writer(std::unique_ptr<Connection> connection, size_t queue_max);
    /// Writes what is queued, then joins.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// From any thread. False when the queue is full or closing, unless `must_take` (for clean-up).
    [[nodiscard]] bool try_post(WriteItem item, bool must_take = false);

  private:
    void loop();
    void write_together(std::vector<WriteItem>& items);
    [[nodiscard]] Status try_batch(std::vector<WriteItem>& items, std::vector<Status>& results);
    [[nodiscard]] Status apply_in_savepoint(const WriteItem& item, Status& result);

    std::unique_ptr<Connection> connection_;  // of the writer's thread
    size_t queue_max_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<WriteItem> queue_;  // guarded by mutex_
    bool is_closing_ = false;      // guarded by mutex_
    std::thread thread_;
};

}  // namespace hayate::store

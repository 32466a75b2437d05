#include "io/store/sqlite/writer.hpp"

#include <utility>

#include <pthread.h>

namespace hayate::store {
namespace {

constexpr int kCheckpointPages = 1000;  // SQLite's own default: about 4 MB of log
constexpr size_t kBatchMax = 256;       // bounds how long the first of a burst waits for the last

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, size_t queue_max)
    : connection_(std::move(connection)), queue_max_(queue_max), thread_([this] { loop(); }) {
    pthread_setname_np(thread_.native_handle(), "store-writer");
}

Writer::~Writer() {
    {
        const std::lock_guard lock(mutex_);
        is_closing_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

bool Writer::try_post(WriteItem item, bool must_take) {
    {
        const std::lock_guard lock(mutex_);
        if (is_closing_ || (queue_.size() >= queue_max_ && !must_take)) return false;
        queue_.push_back(std::move(item));
    }
    wake_.notify_one();
    return true;
}

void Writer::loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return is_closing_ || !queue_.empty(); });
        if (queue_.empty()) return;
        std::vector<WriteItem> items;
        for (; !queue_.empty() && items.size() < kBatchMax; queue_.pop_front()) {
            items.push_back(std::move(queue_.front()));
        }
        lock.unlock();
        write_together(items);
        items.clear();
        // After the callers have been told: moving the log into the file waits for the disk.
        if (connection_->wal_pages() >= kCheckpointPages) connection_->checkpoint();
        lock.lock();
    }
}

void Writer::write_together(std::vector<WriteItem>& items) {
    std::vector<Status> results(items.size());
    const Status committed = try_batch(items, results);
    if (committed || items.size() == 1) {
        for (size_t i = 0; i < items.size(); ++i)
            items[i].complete(committed ? results[i] : committed);
        return;
    }
    // One item's failure took the transaction with it (a full disk does that): the others get their
    // own.
    for (WriteItem& item : items) {
        std::vector<WriteItem> alone;
        alone.push_back(std::move(item));
        write_together(alone);
    }
}

Status Writer::try_batch(std::vector<WriteItem>& items, std::vector<Status>& results) {
    Status status = connection_->script("BEGIN IMMEDIATE");
    if (!status) return status;
    for (size_t i = 0; i < items.size() && status; ++i) {
        status = apply_in_savepoint(items[i], results[i]);
    }
    if (status) status = connection_->script("COMMIT");
    if (!status && !connection_->is_autocommit()) (void)connection_->script("ROLLBACK");
    return status;
}

Status Writer::apply_in_savepoint(const WriteItem& item, Status& result) {
    if (Status begun = connection_->script("SAVEPOINT item"); !begun) return begun;
    result = item.apply(*connection_);
    if (connection_->is_autocommit()) {
        return result ? fail(ErrorKind::kInternal, "store", "a write ended the transaction")
                      : result;
    }
    if (!result) {
        if (Status undone = connection_->script("ROLLBACK TO item"); !undone) return undone;
    }
    return connection_->script("RELEASE item");
}

}  // namespace hayate::store

#include "io/runtime/scope.hpp"

#include <atomic>
#include <cstdlib>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "core/base/log.hpp"

namespace hayate::runtime {
namespace {

std::atomic<int64_t> live_children{0};

void report(const std::exception_ptr& thrown) {
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
        base::log_error("task_threw", {{"what", error.what()}});
    } catch (...) {
        base::log_error("task_threw", {{"what", "not a std::exception"}});
    }
}

}  // namespace

TaskScope::TaskScope(const Executor& executor, const CancelToken& parent)
    : executor_(executor), cancel_(parent), child_ended_(executor) {}

TaskScope::~TaskScope() {
    if (live_ == 0) return;
    base::log_error("scope_destroyed_with_live_tasks", {{"live", live_}});
    std::abort();
}

void TaskScope::spawn(std::function<Task<void>()> child) {
    ++live_;
    live_children.fetch_add(1, std::memory_order_relaxed);
    asio::co_spawn(executor_, std::move(child), [this](const std::exception_ptr& thrown) {
        report(thrown);
        live_children.fetch_sub(1, std::memory_order_relaxed);
        --live_;
        child_ended_.notify();
    });
}

Task<void> TaskScope::join() {
    while (live_ > 0) co_await child_ended_.wait();
}

int64_t TaskScope::live_total() { return live_children.load(std::memory_order_relaxed); }

void spawn_detached(const Executor& executor, std::function<Task<void>()> root) {
    asio::co_spawn(executor, std::move(root),
                   [](const std::exception_ptr& thrown) { report(thrown); });
}

DeadlineGuard::DeadlineGuard(const Executor& executor, CancelSource& source, Deadline deadline)
    : timer_(executor, deadline.at()) {
    if (deadline.is_never()) return;
    // An expired timer's handler cannot be taken back, so it must not point at the source.
    timer_.async_wait([cancel = source.detached_cancel(),
                       counted = detail::PendingTimer()](const boost::system::error_code& failed) {
        if (!failed) cancel(CancelReason::kDeadline);
    });
}

}  // namespace hayate::runtime

#pragma once
// Shards: one thread, one io_context each. Everything a connection owns lives on its shard; another
// shard or thread is reached only through `post`.

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include "io/runtime/lookout.hpp"
#include "io/runtime/task.hpp"

namespace hayate::runtime {

class Shard {
  public:
    /// `awake_early`: the share of its time, 0 to 1, that may go to being awake before something
    /// expected comes.
    explicit Shard(uint32_t index, double awake_early = 0);
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    [[nodiscard]] uint32_t index() const { return index_; }
    [[nodiscard]] Executor executor() { return context_.get_executor(); }
    [[nodiscard]] asio::io_context& context() { return context_; }
    /// Runs `work` on this shard's thread, later. Callable from any thread.
    template <class Work>
    void post(Work work) {
        asio::post(context_, std::move(work));
    }
    /// What its thread is to be awake for.
    [[nodiscard]] Lookout& lookout() { return lookout_; }
    /// The shard whose thread is calling, or null on a foreign thread.
    [[nodiscard]] static Shard* current();

  private:
    friend class Shards;
    void run();

    uint32_t index_;
    asio::io_context context_{1};
    asio::executor_work_guard<Executor> keep_alive_;
    Lookout lookout_;
};

/// The group of shards. `start` spawns the threads, `stop_and_join` ends them; work still queued is
/// dropped.
class Shards {
  public:
    explicit Shards(uint32_t count, double awake_early = 0);
    ~Shards() { stop_and_join(); }
    Shards(const Shards&) = delete;
    Shards& operator=(const Shards&) = delete;

    [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(shards_.size()); }
    [[nodiscard]] Shard& at(uint32_t index) { return *shards_.at(index); }
    void start();
    void stop_and_join();
    void post_to_all(const std::function<void(Shard&)>& work);

  private:
    std::vector<std::unique_ptr<Shard>> shards_;
    std::vector<std::thread> threads_;
};

}  // namespace hayate::runtime

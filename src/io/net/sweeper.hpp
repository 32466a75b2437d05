#pragma once
// Sweeper: looks at many objects with time limits four times a second, instead of one timer per
// operation (re-arming a timer costs more than parsing a request). Limits are therefore met within
// 250 ms. One shard.

#include <memory>

#include <boost/intrusive/list.hpp>

#include "io/runtime/event.hpp"

namespace hayate::net {

class Swept : public boost::intrusive::list_base_hook<
                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  public:
    Swept() = default;
    Swept(const Swept&) = delete;
    Swept& operator=(const Swept&) = delete;
    virtual ~Swept() = default;
    /// Called on the shard; `TimePoint::max()` means: end now.
    virtual void sweep(TimePoint now) = 0;
    /// The server stops: finish soon.
    virtual void shut_down() {}
};

class Sweeper : public std::enable_shared_from_this<Sweeper> {
  public:
    explicit Sweeper(const runtime::Executor& executor) : timer_(executor) {}
    /// Until the object is destroyed. The timer runs only while there is something to look at.
    void add(Swept& object);
    void sweep_all(TimePoint now);
    void shut_down_all();

  private:
    void arm();

    runtime::Timer timer_;
    boost::intrusive::list<Swept, boost::intrusive::constant_time_size<false>> objects_;
    bool is_armed_ = false;
};

}  // namespace hayate::net

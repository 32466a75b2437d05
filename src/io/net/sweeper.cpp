#include "io/net/sweeper.hpp"

namespace hayate::net {
namespace {

constexpr milliseconds kInterval{250};

}  // namespace

void Sweeper::add(Swept& object) {
    objects_.push_back(object);
    arm();
}

void Sweeper::sweep_all(TimePoint now) {
    for (auto it = objects_.begin(); it != objects_.end();) (it++)->sweep(now);
}

void Sweeper::shut_down_all() {
    for (auto it = objects_.begin(); it != objects_.end();) (it++)->shut_down();
}

void Sweeper::arm() {
    if (is_armed_ || objects_.empty()) return;
    is_armed_ = true;
    timer_.expires_after(kInterval);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& failed) {
        const auto self = weak.lock();
        if (!self || failed) return;
        self->is_armed_ = false;
        self->sweep_all(base::Clock::now());
        self->arm();
    });
}

}  // namespace hayate::net

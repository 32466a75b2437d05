#include "routing/endpoints.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <vector>

#include "io/model/endpoints/endpoint_model.hpp"
#include "io/model/simulated/simulated_model.hpp"
#include "io/runtime/scope.hpp"
#include "io/runtime/shard.hpp"

namespace hayate::bench {
namespace {

constexpr int kPerSecond = 200;
constexpr milliseconds kGap{1'000 / kPerSecond};
constexpr milliseconds kFirstTokenTime{10'000};

/// A simulated model that can be broken while it runs.
class Breakable : public model::Model {
  public:
    explicit Breakable(std::string_view speed) {
        model::Simulation simulation;
        if (!model::set_options(simulation, speed)) std::abort();
        inner_ = std::make_unique<model::SimulatedModel>(
            model::SimulatedModel::Options{.name = "simulated", .simulation = simulation});
    }
    Task<Result<std::unique_ptr<model::ModelStream>>> start(model::ModelRequest request,
                                                            CancelToken token) override {
        ++calls;
        if (is_broken) co_return fail(ErrorKind::kBusy, "simulated", "status 503");
        if (is_silent) {
            co_await runtime::sleep_until(request.first_token_deadline, token);
            co_return fail(ErrorKind::kTimeout, "simulated", "no first token");
        }
        co_return co_await inner_->start(std::move(request), token);
    }
    Task<Status> probe(CancelToken /*token*/) override { co_return Status{}; }

    bool is_broken = false;
    bool is_silent = false;  // accepts, and never says a word
    int calls = 0;

  private:
    std::unique_ptr<model::SimulatedModel> inner_;
};

class Fleet {
  public:
    Fleet() {
        for (auto& endpoint : endpoints) {
            endpoint = std::make_shared<Breakable>("ttft=lognormal:60,0.4,rate=0,tokens=20");
        }
        model = std::make_unique<model::EndpointModel>(
            std::vector<std::shared_ptr<model::Model>>(endpoints.begin(), endpoints.end()),
            model::EndpointOptions{.name = "fast"});
    }
    Task<void> call() {
        ++clients;
        model::ModelRequest request{.messages = {{model::Role::kUser, "Hello"}}};
        request.on_extra_call = [this](const model::ExtraCall& extra) {
            hedges += extra.outcome == "lost_race" ? 1 : 0;
        };
        request.first_token_deadline = Deadline::after(kFirstTokenTime);
        const TimePoint begun = base::Clock::now();
        auto stream = co_await model->start(std::move(request), {});
        first_ms.push_back(base::to_ms(base::Clock::now() - begun));
        if (!stream) {
            ++errors;
            co_return;
        }
        while (true) {
            const auto events = co_await (*stream)->next();
            if (!events) ++errors;
            if (!events || events->empty()) co_return;
        }
    }
    /// Open loop: a call every few milliseconds, whether the others have ended or not.
    Task<void> run(int seconds) {
        clients = errors = hedges = 0;
        first_ms.clear();
        for (auto& endpoint : endpoints) endpoint->calls = 0;
        runtime::TaskScope scope(co_await runtime::current_executor());
        TimePoint next = base::Clock::now();
        for (int i = 0; i < seconds * kPerSecond; ++i) {
            next += kGap;
            co_await runtime::sleep_until(Deadline(next));
            scope.spawn([this] { return call(); });
        }
        co_await scope.join();
    }
    void show(const char* what) {
        const int upstream = endpoints[0]->calls + endpoints[1]->calls + endpoints[2]->calls;
        std::ranges::sort(first_ms);
        const auto quantile = [&](double q) {
            return first_ms[static_cast<size_t>(q * static_cast<double>(first_ms.size() - 1))];
        };
        std::printf("| %s | %d | %.2f%% | %.3f | %.1f%% | %.1f%% | %.0f / %.0f |\n", what, clients,
                    100.0 * errors / clients, static_cast<double>(upstream) / clients,
                    upstream > 0 ? 100.0 * endpoints[2]->calls / upstream : 0.0,
                    100.0 * hedges / clients, quantile(0.95), quantile(0.99));
    }

    std::array<std::shared_ptr<Breakable>, 3> endpoints;
    std::unique_ptr<model::EndpointModel> model;
    int clients = 0;
    int errors = 0;
    int hedges = 0;
    std::vector<double> first_ms;
};

Task<void> scenes(Fleet& fleet) {
    co_await fleet.run(5);
    fleet.show("all well, 5 s");
    fleet.endpoints[2]->is_broken = true;
    co_await fleet.run(10);
    fleet.show("the third answers 503, the first 10 s of it");
    fleet.endpoints[2]->is_broken = false;
    co_await fleet.run(10);
    fleet.show("repaired, 10 s");
    fleet.endpoints[2]->is_silent = true;
    co_await fleet.run(10);
    fleet.show("the third accepts and never answers, the first 10 s of it");
    fleet.endpoints[2]->is_silent = false;
    co_await fleet.run(10);
    fleet.show("repaired, 10 s");
    for (auto& endpoint : fleet.endpoints) endpoint->is_broken = true;
    co_await fleet.run(10);
    fleet.show("all answer 503, 10 s");
    for (auto& endpoint : fleet.endpoints) endpoint->is_broken = false;
    co_await fleet.run(10);
    fleet.show("all repaired, 10 s");
}

}  // namespace

void show_endpoints() {
    std::printf(
        "\nThree endpoints, %d calls a second, time to first token 60 ms (median)\n\n"
        "| scene | calls of clients | errors seen | calls upstream for each | share of the third | "
        "calls cut as losers | ms to first token, p95 / p99 |\n|---|---|---|---|---|---|---|\n",
        kPerSecond);
    runtime::Shards shards(1);
    shards.start();
    Fleet fleet;
    std::promise<void> done;
    shards.at(0).post([&] {
        runtime::spawn_detached(shards.at(0).executor(), [&]() -> Task<void> {
            co_await scenes(fleet);
            done.set_value();
        });
    });
    done.get_future().wait();
    shards.stop_and_join();
}

}  // namespace hayate::bench
